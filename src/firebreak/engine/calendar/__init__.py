"""Which days are free and which hours nobody is at a desk: public holidays, weekends, nights.

An outbreak keeps no office hours, people do. Off hours whoever climbs in for somebody is told more widely.
"""
