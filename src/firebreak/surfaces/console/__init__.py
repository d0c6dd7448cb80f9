"""Pages for staff: headquarters, activation, orders, rounds, map, people, import, journal."""
