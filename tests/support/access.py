"""Accounts with roles over small areas, for tests that need somebody with rights."""

from datetime import UTC, datetime

from firebreak.kernel.actor import SystemActor

AT = datetime(2022, 6, 5, 6, tzinfo=UTC)
ADMIN = SystemActor("init", frozenset({"accounts.write", "grants.write"}))
