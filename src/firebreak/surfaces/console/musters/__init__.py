"""Musters: call people together, note answers and arrivals."""
