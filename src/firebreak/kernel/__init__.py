"""Mechanics without tables: clock, refs, texts, refusals, transitions, cut-offs, balances, keys.

The lowest storey. It imports nothing of Firebreak and never touches a database.
"""
