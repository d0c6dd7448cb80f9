"""Where domains say what they owe: ledgers and figures, registered upward and iterated by those above.

A *ledger* answers `balance(cutoff)` and lists its rows; a *figure* is a named count that opens exactly the
rows it was counted from. Reports, `audit`, the wall and `/readyz` iterate over the registry.
"""
