"""Who made an event: the account behind it, with the grants that were in force when the event happened.

A phone may deliver days later; what counts is the right its author held then. One query for a batch.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.access.actors import EVERYWHERE, AccountActor, Held
from firebreak.engine.access.roles import BY_KEY
from firebreak.kernel.refs import Ref


class Authors:
    """The accounts of a batch. `at(ref, moment)` is the actor of an account at a moment, or None when unknown."""

    def __init__(self, refs: Iterable[str]) -> None:
        self._accounts: dict[str, tuple[int, str, str]] = {}
        self._grants: dict[str, list[tuple[Held, datetime, datetime | None]]] = {}
        self._made: dict[tuple[str, int], AccountActor] = {}
        for ref, key, name, member, role, area, unit, begins, ends in bulk.select_in(
            "SELECT a.ref, a.id, a.name, a.member_ref, g.role, p.path, g.unit_path, g.begins_at, g.ends_at"
            " FROM access_account a LEFT JOIN access_grant g ON g.account_id = a.id"
            " LEFT JOIN areas_area p ON p.id = g.area_id WHERE a.is_active AND a.ref IN {values}",
            set(refs),
        ):
            self._accounts[ref] = (key, name, member)
            grants = self._grants.setdefault(ref, [])
            if role in BY_KEY:
                held = Held(BY_KEY[role], area or EVERYWHERE, unit)
                grants.append((held, bulk.read_moment(begins), bulk.read_moment(ends)))
        self._turns = {
            ref: sorted({turn for _, *turns in grants for turn in turns if turn is not None})
            for ref, grants in self._grants.items()
        }

    def at(self, ref: str, moment: datetime) -> AccountActor | None:
        """The account as an actor at a moment; None when it is unknown or disabled."""
        if ref not in self._accounts:
            return None
        between = bisect_right(self._turns[ref], moment)
        actor = self._made.get((ref, between))
        if actor is None:
            key, name, member = self._accounts[ref]
            held = tuple(
                grant for grant, begins, ends in self._grants[ref]
                if begins <= moment and (ends is None or moment < ends)
            )
            actor = self._made[ref, between] = AccountActor(Ref(ref), name, key, member, held)
        return actor
