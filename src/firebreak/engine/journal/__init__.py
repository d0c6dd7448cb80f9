"""The journal: every act, what came of it, and seals that prove nothing was changed afterwards.

Nouns: an *act* is one entrance into the program by one actor (done or refused); an *event* is what the act
made true; a *seal* is a Merkle root over acts, appended to files outside the database; the *position* of a
fact is the number of the act that recorded it.

Promises: no change of state without an act and at least one event in the same transaction; acts, events and
seals are append-only by database trigger; payloads carry references and counts, never names.

The entrance is `@action`; inside it `record(...)` journals and `current_act()` gives the number to store in
append-only rows.
"""
