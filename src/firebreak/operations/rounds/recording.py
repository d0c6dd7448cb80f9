"""Learning facts about people of a round: one path for phones and for screens, any number of people at once.

`lock` takes the entries in order, the caller lets each learn its facts, `settle` writes what follows: outcomes,
states, the board and the buildings' tasks, in the transaction of the facts. It never judges whether a fact is
lawful, and never writes the facts themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from firebreak.engine import bulk
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import current_act
from firebreak.engine.tasks.actions import end_tasks, reopen_tasks
from firebreak.engine.tasks.models import Task
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.rounds import sweeps
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.rules import SAMPLED, Fact, Standing, fold, outcomes
from firebreak.operations.rounds.states import COLUMN, DECIDED, OPEN, RESULTS, State

__all__ = [
    "DECIDED", "Line", "Miss", "add_found", "lock", "recall", "rounds_by_key", "rounds_of", "settle",
    "write_misses",
]

BOARD = ("to_do", "sampled", "excused", "refused", "away", "unreachable")


@dataclass(slots=True)
class Line:
    """One entry, locked. `before` is what was known of the person, `known` what is known now."""

    person: int
    building: int
    state: str
    attempts: int
    facts: int
    before: list[Fact] = field(default_factory=list)
    known: list[Fact] = field(default_factory=list)
    tries: int = 0
    learned: int = 0
    found: bool = False

    def learn(self, fact: Fact) -> None:
        """Take in one more fact."""
        self.known.append(fact)
        self.learned += 1
        self.tries += fact.kind == "attempt"

    def undo(self, key: str, at: datetime) -> Fact | None:
        """Take a scan or an attempt back (by its key); the fact as it was, or None when it was taken back before."""
        for place, fact in enumerate(self.known):
            if fact.key == key and fact.undone_at is None:
                self.known[place] = fact._replace(undone_at=at)
                self.learned += 1
                self.tries -= fact.kind == "attempt"
                return fact
        return None

    @property
    def scans(self) -> list[Fact]:
        """The scans not taken back."""
        return [fact for fact in self.known if fact.kind == "scan" and fact.undone_at is None]


def rounds_of(refs: Sequence[str]) -> dict[str, Round]:
    """Rounds by ref, held against closing until the transaction ends. One query."""
    return {row.ref: row for row in _held("ref", list(refs))}


def the_round(ref: Ref) -> Round:
    """One round, held against closing until the transaction ends. One query. Errors: refuses `not-found`."""
    row = rounds_of([ref]).get(ref)
    if row is None:
        raise NOT_FOUND.because()
    return row


def rounds_by_key(keys: set[int]) -> dict[int, Round]:
    """Rounds by key, held against closing until the transaction ends. One query."""
    return {row.pk: row for row in _held("id", list(keys))}


def _held(column: str, wanted: list[Any]) -> list[Round]:
    if not wanted:
        return []
    places = ", ".join(["%s"] * len(wanted))
    share = " FOR SHARE" if bulk.is_postgres() else ""
    return bulk.load(Round, f"{column} IN ({places}) ORDER BY id{share}", wanted)


def lock(round_id: int, people: Iterable[int]) -> dict[int, Line]:
    """The entries of these people, locked in order of person, with what is known of each. One query when fresh."""
    wanted = sorted(set(people))
    rows = bulk.select_in(
        "SELECT person_id, building_id, state, attempts, facts FROM rounds_entry"
        " WHERE (round_id, person_id) IN {values}"
        + (" ORDER BY person_id FOR UPDATE" if bulk.is_postgres() else ""),
        wanted, "bigint", under=round_id,
    )
    found = {row[0]: Line(*row) for row in rows}
    touched = [key for key, line in found.items() if line.facts]
    if touched:
        for person, fact in recall(round_id, touched):
            found[person].before.append(fact)
            found[person].known.append(fact)
    return found


def recall(round_id: int, people: Iterable[int]) -> list[tuple[int, Fact]]:
    """Everything written down about these people in a round. Three queries."""
    wanted = list(people)
    facts = []
    for person, event, tube, at, undone in bulk.select_in(
        "SELECT s.person_id, s.event_id, s.tube_id, s.happened_at, u.happened_at FROM rounds_scan s"
        " LEFT JOIN rounds_undo u ON u.scan_event_id = s.event_id"
        " WHERE (s.round_id, s.person_id) IN {values}", wanted, "bigint", under=round_id,
    ):
        key = bulk.read_uid(event).hex
        facts.append(
            (
                person,
                Fact(
                    "scan", State.SAMPLED, bulk.read_moment(at), key, undone_at=bulk.read_moment(undone), tube=tube or 0
                ),
            )
        )
    for person, event, said, result, at, revisit, undone in bulk.select_in(
        "SELECT a.person_id, a.event_id, a.by || ' ' || a.way || ' ' || a.result, a.result, a.happened_at, a.revisit_at,"
        " u.happened_at FROM rounds_attempt a LEFT JOIN rounds_attemptundo u ON u.attempt_event_id = a.event_id"
        " WHERE (a.round_id, a.person_id) IN {values}", wanted, "bigint", under=round_id,
    ):
        key = said if event is None else bulk.read_uid(event).hex
        fact = attempt_fact(key, result, bulk.read_moment(at), bulk.read_moment(revisit))
        facts.append((person, fact._replace(undone_at=bulk.read_moment(undone))))
    for person, state, reason, by, at in bulk.select_in(
        "SELECT person_id, state, reason, by, happened_at FROM rounds_decision"
        " WHERE (round_id, person_id) IN {values}", wanted, "bigint", under=round_id,
    ):
        facts.append((person, decision_fact(state, reason, by, bulk.read_moment(at))))
    return facts


def attempt_fact(key: str, result: str, at: datetime, revisit_at: datetime | None) -> Fact:
    """An attempt as the fold sees it."""
    return Fact("attempt", RESULTS[result][0], at, key, revisit_at=revisit_at)


def decision_fact(state: str, reason: str, by: str, at: datetime) -> Fact:
    """A decision as the fold sees it."""
    return Fact("decision", state, at, f"{by} {reason}")


@dataclass(frozen=True, slots=True)
class Miss:
    """Somebody found who was on no list."""

    person: int
    building: int
    found_as: str
    event: UUID | None
    at: datetime
    token: str


def write_misses(row: Round, misses: Iterable[Miss]) -> None:
    """Write down who was on no list."""
    act = current_act().pk
    bulk.insert(
        "rounds_listmiss",
        ("round_id", "person_id", "building_id", "found_as", "event_id", "token", "happened_at", "act_id"),
        [
            (
                row.pk, miss.person, miss.building, miss.found_as, None if miss.event is None else bulk.uid(miss.event),
                miss.token, bulk.moment(miss.at), act,
            )
            for miss in misses
        ],
    )


def add_found(row: Round, people: Iterable[tuple[int, int]]) -> dict[int, Line]:
    """New entries for people found, given as (person, building); call `settle` afterwards."""
    added = {person: Line(person, building, State.TO_DO, 0, 0, found=True) for person, building in people}
    bulk.insert(
        "rounds_entry",
        ("round_id", "person_id", "building_id", "origin", "state", "attempts", "facts", "act_id"),
        [(row.pk, item.person, item.building, "found", State.TO_DO, 0, 0, current_act().pk) for item in added.values()],
    )
    return added


class Held(NamedTuple):
    """A building's row of the board, locked: how many are without an end, its task and that task's state, its site."""

    building: int
    left: int
    task: int | None
    status: str | None
    site: int


def lock_board(round_id: int, buildings: list[int]) -> list[Held]:
    """The board's rows of these buildings, locked in order. One query."""
    return [Held(*held) for held in bulk.select_in(
        "SELECT b.building_id, b.to_do + b.away + b.unreachable, b.task_id, t.status, d.site_id FROM rounds_tally b"
        " JOIN rounds_siteduty d ON d.round_id = b.round_id AND d.building_id = b.building_id"
        " LEFT JOIN tasks_task t ON t.id = b.task_id"
        " WHERE (b.round_id, b.building_id) IN {values} ORDER BY b.building_id"
        + (" FOR UPDATE OF b" if bulk.is_postgres() else ""),
        buildings, "bigint", under=round_id,
    )]


def settle(row: Round, lines: Iterable[Line], by: Actor, at: datetime) -> None:
    """Write what follows from what was learned: at most six statements, whatever the number of people."""
    act, number = current_act().pk, row.pk
    leaving: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    moved: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    since: dict[int, datetime] = {}
    quarters: dict[tuple[int, datetime], int] = defaultdict(int)
    for item in sorted(lines, key=lambda item: item.person):
        if not item.learned and not item.found:
            continue
        now, rows = _follows(item)
        leaving += [(number, item.person, state, bulk.moment(when), act) for when, state in rows]
        if item.learned:
            changed.append((
                number, item.person, now.state, bulk.moment(now.revisit_at), item.tries, item.learned
            ))
        if item.found:
            moved[item.building]["found"] += 1
            moved[item.building]["to_do"] += 1
        if (item.state == State.SAMPLED) != (now.state == State.SAMPLED):
            step = 1 if now.state == State.SAMPLED else -1
            quarters[item.building, quarter(rows[0][0] if rows else at)] += step
        if (left := COLUMN[item.state]) != (entered := COLUMN[now.state]):
            moved[item.building][left] -= 1
            moved[item.building][entered] += 1
        if now.state in OPEN:
            moments = [when for when, _ in rows] or [at]
            since[item.building] = min([*moments, since.get(item.building, at)])
        item.state = now.state
    bulk.insert("rounds_entryoutcome", ("round_id", "person_id", "state", "happened_at", "act_id"), leaving)
    bulk.update(
        "rounds_entry", {"round_id": "bigint", "person_id": "bigint"},
        {"state": "text", "revisit_at": "timestamptz", "attempts": "smallint", "facts": "smallint"},
        changed, add=frozenset({"attempts", "facts"}),
    )
    touched = sorted(building for building, deltas in moved.items() if any(deltas.values()))
    board = lock_board(number, touched)
    _keep_board(row, board, moved, since, by, at)
    _keep_progress(row, {held.building: held.site for held in board}, quarters)


def _follows(item: Line) -> tuple[Standing, list[tuple[datetime, str]]]:
    """How the person stands now, and the outcomes to append. A first swab, the common case, needs no thought."""
    if not item.before and len(item.known) == 1 and item.known[0].kind == "scan" and item.known[0].undone_at is None:
        return SAMPLED, [(item.known[0].happened_at, State.SAMPLED)]
    return fold(item.known), outcomes(item.before, item.known)


def quarter(moment: datetime) -> datetime:
    """The quarter of an hour in which a moment lies."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _keep_progress(row: Round, sites: dict[int, int], quarters: dict[tuple[int, datetime], int]) -> None:
    """Add people sampled to the quarters of the sites that serve their buildings. One statement."""
    if not quarters:
        return
    steps: dict[tuple[int, datetime], int] = defaultdict(int)
    for (building, begins_at), step in quarters.items():
        steps[sites[building], begins_at] += step
    rows = [(row.pk, site, bulk.moment(begins_at), step) for (site, begins_at), step in sorted(steps.items())]
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    bulk.execute(
        f"INSERT INTO rounds_progress AS old (round_id, site_id, begins_at, sampled) VALUES {places}"
        " ON CONFLICT (round_id, site_id, begins_at) DO UPDATE SET sampled = old.sampled + excluded.sampled",
        [value for values in rows for value in values],
    )


def _keep_board(
    row: Round, board: list[Held], moved: dict[int, dict[str, int]], since: dict[int, datetime], by: Actor, at: datetime
) -> None:
    """Add the differences to the board; end the task of a building that is done, reopen one that is not."""
    columns = ("found", *BOARD)
    bulk.update(
        "rounds_tally", {"round_id": "bigint", "building_id": "bigint"}, dict.fromkeys(columns, "integer"),
        [(row.pk, held.building, *(moved[held.building][name] for name in columns)) for held in board],
        add=frozenset(columns),
    )
    left = {held.building: held.left + sum(moved[held.building][name] for name in OPEN) for held in board}
    done = [held.task for held in board if held.task and not left[held.building] and held.status != Task.Status.ENDED]
    again = [
        (held.task, held.building) for held in board
        if held.task and left[held.building] and held.status == Task.Status.ENDED
    ]
    ownerless = [held.building for held in board if left[held.building] and not held.task]
    if done:
        end_tasks(ids=done, outcome=Task.Outcome.DONE, reason="", by=by, at=at)
    for moment in sorted({since[building] for _, building in again}):
        tasks = [task for task, building in again if since[building] == moment]
        due = max(row.due_at, at + timedelta(hours=2))
        reopen_tasks(ids=tasks, due_at=due, reason="有人还没有结果 somebody is without an end", by=by, at=moment)
    if ownerless:
        areas = list(Area.objects.filter(id__in=ownerless).order_by("id"))
        sweeps.open_for(row, areas, by=by, at=min(since[area.pk] for area in areas))


