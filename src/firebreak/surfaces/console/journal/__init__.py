"""The journal at the desk: who did what, and whether the seals hold."""
