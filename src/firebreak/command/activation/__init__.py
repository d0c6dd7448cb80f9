"""From a signal to a response that works: the plan previewed, confirmed by two people, active in one transaction.

Nouns: a *signal* is what was reported (suspected, then confirmed or overturned); a *response* is the plan at
work, with a level. Promises: activation creates every unit, post and order of the preview or nothing;
overturning a signal cancels what it opened, with a reason; minutes from signal to activation are a figure.
"""
