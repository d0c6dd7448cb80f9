"""Specimens on their way, laboratories and their results, positive pools."""
