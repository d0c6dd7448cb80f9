"""Testing rounds: a closed list, sites, tubes, and everybody's end. The heart of the house.

Nouns: a *round* lists everybody present in an area at a version of the register; an *entry* is one person in
one round; a *list miss* is a person found who was on no list; a *tube* holds up to the pool size of its tier;
a *scan* puts a person into a tube; an *attempt* is a call or a visit; a *decision* excuses with a reason.

Promises: listed + list misses = sampled + excused + open, the sides counted from different tables; every
open person is under a live task with an owner and a due time; a round closes only when nobody is open.
"""
