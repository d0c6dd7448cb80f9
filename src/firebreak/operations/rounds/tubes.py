"""Tubes: opened at a site, sealed when the pool is complete or by hand, void when spoiled.

The functions here take many at once and answer a refusal or None for each; phones and screens share them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from firebreak.engine import bulk
from firebreak.engine.journal.acting import current_act
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import NOT_PERMITTED, Refusal
from firebreak.operations.rounds import recording, refusals
from firebreak.operations.rounds.models import Round, Site, SiteDuty, Tube
from firebreak.operations.rounds.rights import RECORD_ROUND

Status = Tube.Status
FULL, PERSON = "full", "person"


@dataclass(slots=True)
class Rack:
    """A tube, locked, as a batch changes it."""

    id: int
    code: str
    round: int
    site: int
    site_path: str
    pool_size: int
    members: int
    status: str
    sealed_at: datetime | None
    closed_by: str
    changes: list[tuple[str, str, datetime]]

    def change(self, status: str, reason: str, at: datetime) -> None:
        """The tube is in another state from now on."""
        self.status = status
        self.changes.append((status, reason, at))

    def fill(self, at: datetime) -> None:
        """Seal the tube by itself when its pool is complete."""
        if self.status == Status.OPEN and self.members >= self.pool_size:
            self.sealed_at, self.closed_by = at, FULL
            self.change(Status.SEALED, FULL, at)

    def refusal_for(self, row: Round, at: datetime) -> Refusal | None:
        """Why no swab taken at this moment can be in this tube, or None."""
        if self.round != row.pk:
            return refusals.OTHER_ROUND.because(tube=self.code)
        if self.status == Status.VOID:
            return refusals.TUBE_VOID.because(tube=self.code)
        if self.closed_by == PERSON and self.sealed_at is not None and at > self.sealed_at:
            return refusals.TUBE_SEALED.because(tube=self.code)
        return None


def lock_tubes(codes: Sequence[str]) -> dict[str, Rack]:
    """Tubes by code, locked in order. One query."""
    rows = bulk.select_in(
        "SELECT t.id, t.code, t.round_id, t.site_id, a.path, t.pool_size, t.members, t.status, t.sealed_at, t.closed_by"
        " FROM rounds_tube t JOIN rounds_site s ON s.id = t.site_id JOIN areas_area a ON a.id = s.area_id"
        " WHERE t.code IN {values}" + (" ORDER BY t.id FOR UPDATE OF t" if bulk.is_postgres() else ""),
        set(codes),
    )
    return {row[1]: Rack(*(*row[:8], bulk.read_moment(row[8]), row[9], [])) for row in rows}


def write_tubes(racks: Sequence[Rack]) -> None:
    """Keep what became of tubes. Two statements."""
    act = current_act().pk
    bulk.update(
        "rounds_tube", {"id": "bigint"},
        {"pool_size": "smallint", "members": "smallint", "status": "text", "sealed_at": "timestamptz", "closed_by": "text"},
        [
            (rack.id, rack.pool_size, rack.members, rack.status, bulk.moment(rack.sealed_at), rack.closed_by)
            for rack in sorted(racks, key=lambda rack: rack.id)
        ],
    )
    bulk.insert(
        "rounds_tubechange", ("tube_id", "status", "reason", "happened_at", "act_id"),
        [(rack.id, status, reason, bulk.moment(at), act) for rack in racks for status, reason, at in rack.changes],
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """A tube to open: `site` is a code or a ref."""

    code: str
    site: str
    by: Actor
    at: datetime


def open_tubes(row: Round, openings: Sequence[Opening]) -> list[Refusal | None]:
    """Open tubes at sites; one that is open here already stays. Four queries."""
    known = lock_tubes([opening.code for opening in openings])
    wanted = {opening.site for opening in openings}
    sites = list(Site.objects.select_related("area").filter(code__in=wanted) | Site.objects.filter(ref__in=wanted))
    by_name = {name: site for site in sites for name in (site.code, site.ref)}
    pools: dict[int, int] = {}
    for site_id, pool in SiteDuty.objects.filter(round=row, site__in=sites).values_list("site_id", "pool_size"):
        pools[site_id] = max(pools.get(site_id, 0), pool)
    verdicts: list[Refusal | None] = []
    fresh: dict[str, tuple[object, ...]] = {}
    act = current_act().pk
    for opening in openings:
        site = by_name.get(opening.site)
        refusal = _opening_refusal(row, opening, site, known, fresh)
        verdicts.append(refusal)
        if refusal is None and site is not None and opening.code not in known and opening.code not in fresh:
            at = bulk.moment(max(opening.at, row.opened_at))
            pool = pools.get(site.pk, row.terms["pool_size"])
            fresh[opening.code] = (row.pk, opening.code, site.pk, pool, 0, Status.OPEN, at, None, "", act)
    ids = bulk.next_ids("rounds_tube", len(fresh)) if fresh else []
    bulk.insert(
        "rounds_tube",
        (
            "id", "round_id", "code", "site_id", "pool_size", "members", "status", "opened_at", "sealed_at", "closed_by",
            "act_id",
        ),
        [(key, *values) for key, values in zip(ids, fresh.values(), strict=True)],
    )
    bulk.insert(
        "rounds_tubechange", ("tube_id", "status", "reason", "happened_at", "act_id"),
        [(key, Status.OPEN, "", values[6], act) for key, values in zip(ids, fresh.values(), strict=True)],
    )
    return verdicts


def _opening_refusal(
    row: Round, opening: Opening, site: Site | None, known: dict[str, Rack], fresh: dict[str, tuple[object, ...]]
) -> Refusal | None:
    if site is None:
        return refusals.UNKNOWN_SITE.because(site=opening.site)
    if row.terms.get("proof", "tube") != "tube":
        return refusals.NO_TUBES.because()
    if row.status != Round.Status.OPEN and (row.closed_at is None or opening.at > row.closed_at):
        return refusals.NOT_OPEN.because()
    if not opening.by.may(RECORD_ROUND, area=site.area.path):
        return NOT_PERMITTED.because(permission=RECORD_ROUND)
    before = known.get(opening.code)
    if before is not None and (before.round != row.pk or before.site != site.pk or before.status != Status.OPEN):
        return refusals.TUBE_TAKEN.because(tube=opening.code)
    if opening.code in fresh and fresh[opening.code][2] != site.pk:
        return refusals.TUBE_TAKEN.because(tube=opening.code)
    return None


def seal(rack: Rack, by: Actor, at: datetime) -> Refusal | None:
    """Close a tube by hand; one that had sealed itself is only confirmed."""
    if not by.may(RECORD_ROUND, area=rack.site_path):
        return NOT_PERMITTED.because(permission=RECORD_ROUND)
    if rack.status == Status.VOID:
        return refusals.TUBE_VOID.because(tube=rack.code)
    if rack.closed_by == PERSON:
        return None
    if rack.status == Status.OPEN:
        rack.change(Status.SEALED, PERSON, at)
    rack.sealed_at = max(at, rack.sealed_at) if rack.sealed_at else at
    rack.closed_by = PERSON
    return None


def void_refusal(row: Round, rack: Rack, by: Actor) -> Refusal | None:
    """Why a tube cannot be spoiled, or None."""
    if row.status != Round.Status.OPEN:
        return refusals.NOT_OPEN.because()
    if not by.may(RECORD_ROUND, area=rack.site_path):
        return NOT_PERMITTED.because(permission=RECORD_ROUND)
    return None


def void(row: Round, racks: Sequence[tuple[Rack, str, UUID, datetime]], by: Actor, at: datetime) -> None:
    """Spoil tubes: every swab in them is taken back, and the people are to be sampled again.

    Each is (tube, reason, id of the event that says so, moment).
    """
    moments = {rack.id: (event, moment) for rack, _, event, moment in racks}
    scans = bulk.select_in(
        "SELECT s.event_id, s.person_id, s.tube_id, s.happened_at FROM rounds_scan s"
        " LEFT JOIN rounds_undo u ON u.scan_event_id = s.event_id"
        " WHERE u.event_id IS NULL AND s.tube_id IN {values}", list(moments), "bigint",
    )
    lines = recording.lock(row.pk, {person for _, person, _, _ in scans})
    act = current_act().pk
    undone = []
    for event, person, tube, happened in scans:
        scan = bulk.read_uid(event)
        void_event, moment = moments[tube]
        moment = max(moment, bulk.read_moment(happened))
        lines[person].undo(scan.hex, moment)
        undone.append((bulk.uid(uuid5(void_event, scan.hex)), row.pk, bulk.uid(scan), "tube-void", bulk.moment(moment), act))
    bulk.insert("rounds_undo", UNDO_COLUMNS, undone)
    for rack, reason, _, moment in racks:
        rack.members = 0
        rack.change(Status.VOID, reason[:20], moment)
    write_tubes([rack for rack, _, _, _ in racks])
    recording.settle(row, lines.values(), by, at)


UNDO_COLUMNS = ("event_id", "round_id", "scan_event_id", "reason", "happened_at", "act_id")
