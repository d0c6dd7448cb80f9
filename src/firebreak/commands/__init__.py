"""One module per subcommand of `firebreak`; each exposes `command`, a click command.

A command that touches the database calls `open_ledger()` first. Nothing here decides anything.
"""

import django


def open_ledger() -> None:
    """Load Django and the applications; cheap commands (`--help`) never pay for it."""
    django.setup()
