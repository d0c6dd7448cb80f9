"""Rounds: how many are left, who they are, who answers for them, and the round's end."""
