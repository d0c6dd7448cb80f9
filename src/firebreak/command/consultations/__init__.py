"""Consultations: the day's meetings at headquarters, from a frozen picture to decisions somebody owns.

Nouns: a consultation (called for a moment, held, closed), the items on its table, the decisions about them.
Promises: the picture is what the books said when the meeting began and never changes; every item ends in a
decision or lies on the table of the next consultation; an order decided is an order issued; a changed measure
keeps what it was, what it becomes, why and from when.
"""
