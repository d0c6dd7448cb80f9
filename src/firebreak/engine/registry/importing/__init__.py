"""Bringing lists in: from a file as somebody sent it to rows the register has taken, refused or already knew.

Nouns: a *sheet* is a file read row by row; a *kind* says which fields a list has; a *mapping* ties columns to
fields; a *problem* is why one row stays out, in both languages; a *chunk* is a slice of staged rows.
Promises: rows in = accepted + rejected + duplicate; nothing is dropped in silence, neither a column nor a row;
the same file twice changes nothing.
`sheet`, `mapping`, `values`, `papers`, `shapes`, `kinds`, `rows` and `returned` are pure: no tables, no clock.
"""
