"""What every operation stands on: journal, areas, access, plans, register, units, tasks, ledgers, capture."""
