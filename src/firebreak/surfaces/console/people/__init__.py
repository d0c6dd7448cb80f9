"""Persons, households, search, and who looked."""
