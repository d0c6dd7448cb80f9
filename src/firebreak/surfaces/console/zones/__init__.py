"""Zones: which tier holds where, since when, under which paper; proposing and releasing; any past moment."""
