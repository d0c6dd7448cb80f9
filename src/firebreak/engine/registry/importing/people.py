"""Lists of people: one row, one person at one building."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import current_act
from firebreak.engine.registry.enrolment import KNOWN, LIVES, REJECTED, Book, Enrolment, Entry, NewPerson
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.appliers import ACCEPTED, DUPLICATE, Resolver, Staged, Verdict
from firebreak.engine.registry.importing.appliers import REJECTED as ROW_REJECTED
from firebreak.engine.registry.importing.appliers import register_applier as register_kind
from firebreak.engine.registry.importing.places import Places
from firebreak.engine.registry.importing.problems import ROW_LEFT_OUT, Problem, Unreadable
from firebreak.engine.registry.rights import REGISTRY_IMPORT
from firebreak.kernel.actor import Actor
from firebreak.kernel.text import T


class PeopleResolver:
    """Ties rows to buildings, and sees what contradicts itself within the file."""

    def __init__(self, by: Actor) -> None:
        self._places = Places(by.areas(REGISTRY_IMPORT))
        self._papers: dict[str, tuple[int, str, str]] = {}
        self._twins: dict[int, int] = {}
        self._again_papers: set[str] = set()
        self._again_twins: set[tuple[str, str, str, str]] = set()

    def staged(self, number: int, row: dict[str, Any]) -> Staged:
        building = self._places.code_of(row)
        name, kind, paper = row["name"], row.get("presence", LIVES), row["id_number"]
        if paper:
            self._check_paper(number, paper, name, building if kind == LIVES else "")
        birth, door = row["birth_on"], row.get("door", "")
        birth_text = birth.isoformat() if birth else ""
        twin = hash((name, building, door, birth_text))
        if twin in self._twins:
            self._again_twins.add((name, building, door, birth_text))
        self._twins[twin] = number
        begins, ends = row.get("begins_on"), row.get("ends_on")
        return [
            number, name, building, kind, door, row.get("household", ""), row["id_kind"], paper, birth_text,
            row["sex"], row.get("phone", ""), row.get("needs", []),
            begins.isoformat() if begins else "", ends.isoformat() if ends else "",
        ]

    def _check_paper(self, number: int, paper: str, name: str, home: str) -> None:
        seen = self._papers.get(paper)
        if seen is None:
            self._papers[paper] = (number, name, home)
            return
        first, other_name, other_home = seen
        self._again_papers.add(paper)
        if other_name != name:
            raise Unreadable(
                "id-two-names-in-file",
                T(f"第 {first} 行用同一证件号登记了另一个姓名。", f"Row {first} gives the same id to another name."),
                T("请对照证件,改正其中一行。", "Compare the paper and correct one of the rows."),
            )
        if home and other_home and home != other_home:
            raise Unreadable(
                "lives-twice-in-file",
                T(f"第 {first} 行说此人住在 {other_home}。",
                    f"Row {first} says that this person lives in {other_home}."),
                T("一人只住一处;另一处请写工作或途经。",
                  "A person lives in one place; mark the other as works or passing."),
            )
        if home and not other_home:
            self._papers[paper] = (first, name, home)

    def repeated(self) -> frozenset[str]:
        sealer, places = Sealer(), {}
        if self._again_twins:
            places = dict(Area.objects.filter(
                code__in={twin[1] for twin in self._again_twins}
            ).values_list("code", "pk"))
        return frozenset(
            {sealer.id_hash(paper) for paper in self._again_papers}
            | {sealer.twin_key(name, places[code], door, birth) for name, code, door, birth in self._again_twins}
        )


class PeopleLists:
    """The applier of `people`."""

    whole = False

    def resolver(self, by: Actor) -> Resolver:
        return PeopleResolver(by)

    def settle(self, rows: Sequence[Staged], *, by: Actor, at: datetime) -> list[Verdict]:
        places = _places(rows)
        for _, path in places.values():
            by.require(REGISTRY_IMPORT, area=path)
        batch = Enrolment(at=at, places={code: key for code, (key, _) in places.items()}, reason="import")
        entries = batch.decide([_person(row) for row in rows])
        batch.write(current_act().pk)
        return [_verdict(entry) for entry in entries]

    def preview(self, rows: Sequence[Staged], *, at: datetime, memory: dict[str, Any]) -> list[Verdict] | None:
        book: Book = memory.setdefault("book", Book())
        batch = Enrolment(
            at=at, places={code: key for code, (key, _) in _places(rows).items()}, reason="import", book=book
        )
        entries = batch.decide([_person(row) for row in rows])
        book.keep(memory.get("repeated"))
        return [_verdict(entry) for entry in entries]


def _places(rows: Sequence[Staged]) -> dict[str, tuple[int, str]]:
    wanted = Area.objects.filter(code__in={row[2] for row in rows})
    return {code: (key, path) for code, key, path in wanted.values_list("code", "pk", "path")}


def _person(row: Staged) -> NewPerson:
    return NewPerson(
        row[1], row[2], row[3], row[4], row[5], row[6], row[7], _day(row[8]), row[9], row[10], tuple(row[11]),
        _day(row[12]), _day(row[13]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_AS_VERDICT = {KNOWN: Verdict(DUPLICATE)}
_TAKEN = Verdict(ACCEPTED)


def _verdict(entry: Entry) -> Verdict:
    if entry.verdict != REJECTED or entry.refusal is None:
        return _AS_VERDICT.get(entry.verdict, _TAKEN)
    text = entry.refusal.text
    return Verdict(ROW_REJECTED, Problem(
        entry.refusal.code, "id_number", f"{text.zh}{ROW_LEFT_OUT.zh}", f"{text.en} {ROW_LEFT_OUT.en}"
    ))


def register() -> None:
    """Called once, when Django starts."""
    register_kind("people", PeopleLists())
