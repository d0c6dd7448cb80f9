"""The end of a response: levels, what keeps it open, closing, erasure certificates."""
