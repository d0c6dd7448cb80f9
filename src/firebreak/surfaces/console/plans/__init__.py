"""Adopted plans and the values nobody has verified."""
