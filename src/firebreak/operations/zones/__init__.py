"""Zones: which buildings stand under which tier of the plan, since when, by what authority, until when.

Promises: a zone has a legal basis and an end or review date; setting, changing or releasing one is an act of
a named person (two, where the tier is restrictive); the tier of a building at any past moment can be told.
"""
