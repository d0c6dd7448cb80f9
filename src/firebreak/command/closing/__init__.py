"""The end of a response: the level steps down, the response closes, and personal data leave by their classes.

Nouns: a *step* between levels; *obstacles*, what keeps a response open; an *erasure*, one class of personal data
with a named owner and a day; its *certificate*. Promises: a step takes two people and never skips a level; nothing
closes while something is owed; what is erased is certified with the books before and after, which are the same.
"""
