"""The area tree: district, community, grid, building. Everything with a place hangs on it.

Nouns: an *area* has a code, a path (`/KF/HT/HT-03/HT-03-B012/`) and, for buildings, a footprint.
Promises: a path names all areas above; scope of authority is a path prefix; an area is never deleted,
it ends at a date.
"""
