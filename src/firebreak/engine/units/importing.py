"""Rosters brought in from files: who can be deployed, and the post each is named for.

Stands here because units stand above the register; the reading of files is the register's. Never fills a post:
that happens when a plan is activated.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from firebreak.engine.journal.acting import record
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.appliers import (
    ACCEPTED,
    DUPLICATE,
    REJECTED,
    Resolver,
    Staged,
    Verdict,
    register_applier,
)
from firebreak.engine.registry.importing.problems import Problem, Unreadable
from firebreak.engine.units.contacts import seal_phone
from firebreak.engine.units.events import RosterTaken
from firebreak.engine.units.models import Member
from firebreak.engine.units.rights import WRITE_UNITS
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import make_ref, new_refs
from firebreak.kernel.text import T

_FIELDS = ("name", "home", "standing", "skills", "roster_post", "roster_role")


class RosterResolver:
    """Sees within the file: a post has one holder, a phone one owner."""

    def __init__(self) -> None:
        self._holders: dict[str, tuple[int, str]] = {}
        self._phones: dict[str, tuple[int, str]] = {}

    def staged(self, number: int, row: dict[str, Any]) -> Staged:
        post, role = row.get("post", ""), row.get("role", "")
        who = f"{row['name']}\0{row.get('home', '')}\0{row.get('phone', '')}"
        if post and role == "holder":
            first, other = self._holders.setdefault(post, (number, who))
            if other != who:
                raise _twice(first, T("已把这个岗位交给另一人负责", "already gives this post to another holder"))
        if row.get("phone"):
            first, other = self._phones.setdefault(row["phone"], (number, row["name"]))
            if other != row["name"]:
                raise _twice(first, T("用了同一个手机号,姓名不同", "has the same phone under another name"))
        return [number, {
            "name": row["name"], "home": row.get("home", ""), "standing": row.get("standing", ""),
            "skills": row.get("skills", []), "roster_post": post, "roster_role": (role or "member") if post else "",
            "phone": row.get("phone", ""),
        }]

    def repeated(self) -> frozenset[str]:
        return frozenset()


class RosterLists:
    """The applier of `roster`."""

    whole = True

    def resolver(self, by: Actor) -> Resolver:
        return RosterResolver()

    def settle(self, rows: Sequence[Staged], *, by: Actor, at: datetime) -> list[Verdict]:
        by.require(WRITE_UNITS)
        sealer = Sealer()
        phones = [sealer.phone_hash(row[1]["phone"]) for row in rows]
        known = _Known(Member.objects.filter(phone_hash__in=list(filter(None, phones))),
                       Member.objects.filter(name__in={row[1]["name"] for row in rows}))
        refs = iter(new_refs("member", len(rows)))
        fresh: list[Member] = []
        changed: dict[int, Member] = {}
        verdicts = []
        for (_, said), phone in zip(rows, phones, strict=True):
            member = known.find(said["name"], said["home"], phone)
            if member is not None and phone and member.phone_hash == phone and member.name != said["name"]:
                verdicts.append(Verdict(REJECTED, _other_name()))
                continue
            if member is None:
                member = Member(ref=next(refs), phone_hash="")
                fresh.append(member)
                verdicts.append(Verdict(ACCEPTED))
                _bring_up_to_date(member, said, phone)
                known.add(member)
                continue
            new = _bring_up_to_date(member, said, phone)
            verdicts.append(Verdict(ACCEPTED if new else DUPLICATE))
            if new and member.pk:
                changed[member.pk] = member
        Member.objects.bulk_create(fresh, batch_size=500)
        Member.objects.bulk_update(changed.values(), [*_FIELDS, "phone_sealed", "phone_hash"], batch_size=200)
        counts = Counter(verdict.verdict for verdict in verdicts)
        record(
            RosterTaken(len(fresh), counts[ACCEPTED] - len(fresh), counts[DUPLICATE]),
            about=make_ref("roster", "members"),
        )
        return verdicts

    def preview(self, rows: Sequence[Staged], *, at: datetime, memory: dict[str, Any]) -> list[Verdict] | None:
        return None


class _Known:
    """Members by phone, and by name and home."""

    def __init__(self, *members: Iterable[Member]) -> None:
        self._by_phone: dict[str, Member] = {}
        self._by_name: dict[tuple[str, str], Member] = {}
        seen: dict[int, Member] = {}
        for some in members:
            for member in some:
                self.add(seen.setdefault(member.pk, member))

    def add(self, member: Member) -> None:
        if member.phone_hash:
            self._by_phone.setdefault(member.phone_hash, member)
        self._by_name.setdefault((member.name, member.home), member)

    def find(self, name: str, home: str, phone: str) -> Member | None:
        """By phone; else by name and home, unless both have phones and they differ."""
        if phone and phone in self._by_phone:
            return self._by_phone[phone]
        member = self._by_name.get((name, home))
        return None if member is not None and phone and member.phone_hash else member


def _bring_up_to_date(member: Member, said: dict[str, Any], phone: str) -> bool:
    """Take over what the row says; an empty cell wipes out nothing."""
    new = {name: said[name] for name in _FIELDS if said[name] and getattr(member, name) != said[name]}
    for name, value in new.items():
        setattr(member, name, value)
    if phone and phone != member.phone_hash:
        member.phone_hash = phone
        member.phone_sealed = seal_phone(said["phone"], member.ref)
        return True
    return bool(new)


def _twice(first: int, what: T) -> Unreadable:
    return Unreadable(
        "roster-contradiction", T(f"第 {first} 行{what.zh}。", f"Row {first} {what.en}."),
        T("请改正其中一行。", "Correct one of the rows."),
    )


def _other_name() -> Problem:
    return Unreadable(
        "phone-has-other-name", T("这个手机号已登记给另一人。", "This phone is registered for somebody else."),
        T("请核对号码。", "Check the number."),
    ).as_problem("phone")


def register() -> None:
    """Called once, when Django starts."""
    register_applier("roster", RosterLists())
