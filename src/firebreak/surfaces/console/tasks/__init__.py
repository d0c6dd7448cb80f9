"""Who owes what now."""
