"""The duty desk 值班: what came in and went out, in the order of time, and a hand-over that forgets nothing."""
