"""Measurements that run both sides in one script, compare answers before times, and can be repeated by anyone."""
