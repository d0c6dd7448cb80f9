"""Recognition: hours and counts of those who agreed to be named."""
