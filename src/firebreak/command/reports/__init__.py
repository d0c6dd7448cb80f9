"""Figures at a cut-off and the daily report made of them.

Promises: a report renders byte for byte again from its cut-off; what was learned later is listed as a
revision, never mixed in; a report refuses to render while a ledger does not balance.
"""
