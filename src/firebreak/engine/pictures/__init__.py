"""Pictures taken as proof: of an order's progress, of a fault found at an inspection.

Kept sealed in the database, so that a backup, an act and a picture never part; erased by retention class.
"""
