"""Headquarters: orders with legal basis, owner, deadline and end; who has seen them and what became of them.

Promises: an order is a task with words; it is seen, accepted, reported on, finished or refused with a reason;
what is overdue climbs the unit tree and everybody on the way is told.
"""
