"""The register: households, persons and their presence (lives, works, passing), versioned by the journal.

Nouns: a *person* may have no papers and no household; *presence* ties a person to a building with dates;
a *presence change* is the append-only row from which any past version of the register can be listed.
Promises: ids and phones are sealed and found by keyed hash; need flags stand in a table of their own with a
right of their own; rows in = accepted + rejected + duplicate for every import.
"""
