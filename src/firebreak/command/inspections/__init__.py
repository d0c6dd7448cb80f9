"""Inspection 督导: places drawn at random, a list to go by, faults handed over and closed 销号, the unfound estimated.

Draws by a rule anybody can repeat; a fault lives until somebody who did not mend it has seen it mended.
"""
