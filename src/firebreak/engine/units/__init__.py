"""Headquarters, task forces, branches, teams, their posts and the people who hold them.

Nouns: a *unit* has a leader post; a *post* asks for a number of people (required), has members (filled) and
one *holder* who answers for it; a *member* is a person deployed to the response; a *service* is a member's
time at a post. Promises: unit and service history is never overwritten; a figure of members is a count of
distinct members in service, never a typed number.
"""
