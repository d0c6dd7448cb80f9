"""The drill: an invented district, and June 2022 played in it through the same actions and capture as real work.

A drill lives in a data folder of its own, marked 演练 on every page; it never opens real data. It decides
nothing and has no tables: what it plays can all be seen, and balanced, in the ledgers it fills.
"""
