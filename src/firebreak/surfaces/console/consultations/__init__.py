"""Consultations: the list, the table of one, its minutes."""
