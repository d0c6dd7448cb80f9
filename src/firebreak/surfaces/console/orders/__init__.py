"""Orders: issue, see, accept, report, end."""
