"""When a measure or a response may end: each line of the plan's condition with its evidence, and what is missing.

Nouns: a *line* is one primitive of the plan applied to a zone or a response, with what it found; a *verdict* is all
lines together; an *attestation* is a fact no table of the program can know (a result, a contact, a panel), stated by
a named person with its source. Promises: the plan says when, people decide; what nobody has stated counts as not met.
"""
