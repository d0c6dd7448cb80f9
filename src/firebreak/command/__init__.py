"""Command sees all operations and is seen by none: activation, headquarters, reports, reactions, drill."""
