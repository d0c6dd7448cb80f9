"""Zoning: what a zone does to people, shown before it is decided and carried out when it is.

Nouns: a *preview* says who would stand under another tier and what that changes for them; an *alert* is what is
made known about one decision; a *notice* is its sheet for one building. Zones themselves stay in operations: this
package joins them with the register, rounds, orders and messages.

Promises: nobody approves a zone without its numbers, recomputed at that moment; the orders and notices of a zone
are issued in the act that puts it in force, or not at all; an alert is never changed, a later one refers to it.
"""
