"""What follows when a tube or a person is positive, within a minute and by name.

A positive pool: everybody in it is held already (`operations.laboratory`); here the squad is ordered to swab each alone, the
unit on the spot to see that they stay in, and a tier is put before whoever proposes zones. A positive person: a signal is taken
for their building, and whoever lives with them is written down for tracing. Nothing restricts anybody by machine.
"""
