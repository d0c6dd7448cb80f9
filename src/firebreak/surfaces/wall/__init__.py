"""The wall: one page that updates by itself, without names."""
