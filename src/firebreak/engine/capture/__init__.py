"""What phones report: devices, captured events, gaps in their numbering, quarantine.

Promises: an event is stored once whatever arrives how often; one bad event never holds up its batch; a
repeat with other bytes is kept apart with an owner; a missing number is a named gap with an owner; personal parts are
sealed under a key that can be destroyed.
"""
