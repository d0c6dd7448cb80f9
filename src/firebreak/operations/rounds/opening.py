"""Opening a round: sites, the closed list from the register at a version, one task for each building."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from firebreak.engine import bulk
from firebreak.engine.areas.models import Area
from firebreak.engine.areas.queries import buildings_within, by_code
from firebreak.engine.journal.acting import SEAL_LOCK, action, current_act, record
from firebreak.engine.plans.queries import followed_pack
from firebreak.engine.registry.queries import present_at
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, new_ref
from firebreak.kernel.text import T
from firebreak.operations.rounds import again, queries, refusals, rules, sweeps
from firebreak.operations.rounds.events import RoundOpened, SitesAdded
from firebreak.operations.rounds.models import Round, Site, SiteDuty
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.pools import pools_at
from firebreak.operations.rounds.rights import OPEN_ROUND
from firebreak.operations.rounds.rules import read_terms
from firebreak.operations.rounds.scope import EVERYBODY, Query, Scope, outside
from firebreak.operations.zones.plan import ZonesSection

NAMED = 5
LABORATORY = "laboratory"
"""The section of a plan by which tubes are followed to their result; it belongs to a domain above this one."""
OPENING_LOCK = SEAL_LOCK + 1


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A sampling site to enter; `area` is the code of the area it stands in, `lon` and `lat` are WGS-84."""

    code: str
    name: T
    area: str
    lon: float
    lat: float
    benches: int


@action
def add_sites(*, rows: Sequence[SiteRow], by: Actor, at: datetime) -> list[str]:
    """Enter sampling sites; a known code is brought up to date. Answers their refs in order.

    Who: whoever may open rounds there, and where a known site stood before.
    Refuses: unknown-area, site-code-unreadable, site-without-name, site-off-the-map, site-benches-unreadable.
    Journals: SitesAdded.
    Promises: all or nothing; repeating the list adds nothing.
    """
    areas = by_code({row.area for row in rows})
    codes = [row.code for row in rows]
    known = {site.code: site for site in Site.objects.filter(code__in=codes).select_related("area")}
    fresh: list[Site] = []
    for row in rows:
        rules.check_site(row.code, row.name.zh, row.lon, row.lat, row.benches)
        area = areas.get(row.area)
        if area is None:
            raise refusals.UNKNOWN_AREA.because(area=row.area)
        by.require(OPEN_ROUND, area=area.path)
        site = known.get(row.code)
        if site is None:
            site = known[row.code] = Site(ref=make_ref("site", row.code), code=row.code)
            fresh.append(site)
        else:
            by.require(OPEN_ROUND, area=site.area.path)
        site.area, site.name_zh, site.name_en = area, row.name.zh, row.name.en
        site.lon, site.lat, site.benches = row.lon, row.lat, row.benches
    Site.objects.bulk_create(fresh)
    old = [site for site in known.values() if site not in fresh]
    Site.objects.bulk_update(old, ["area", "name_zh", "name_en", "lon", "lat", "benches"])
    record(SitesAdded(len(rows)), about=by.ref)
    return [known[row.code].ref for row in rows]


@action
def open_round(
    *, response: Ref, area_code: str, plan: RoundsSection, number: int, due_at: datetime, by: Actor, at: datetime,
    zones: ZonesSection | None = None, serves: Mapping[str, str] | None = None, scope: Scope | None = None,
) -> Ref:
    """Open a round for everybody who lives, works or passes in an area, from the register as it stands.

    Where the plan covers an age only, or `scope` narrows the round to a zone, a tier or a need, whoever is known to be
    outside it is written down as not owed.

    `serves` names the site of a building by code; the others get the nearest site. `zones` gives the pool size
    of the tier a building is under; without it the plan's plain size holds.

    Who: whoever may open rounds over the area.
    Refuses: unknown-area, round-already-open, round-being-opened, round-number-used, due-before-now, nobody-in-scope,
    nobody-listed, no-site, unknown-site, building-without-grid, building-ended, building-without-owner.
    Journals: RoundOpened.
    Promises: one entry for each person present whom it covers, and for every building with people a task with an owner, due
    with the round; the version of the register it was opened from can be listed for ever.
    """
    area = by_code([area_code]).get(area_code)
    if area is None:
        raise refusals.UNKNOWN_AREA.because(area=area_code)
    by.require(OPEN_ROUND, area=area.path)
    stand_alone()
    _check_free(response, area, number, due_at, at)
    act = current_act()
    row = Round.objects.create(
        ref=new_ref("round"), response_ref=response, number=number, area=area, register_at=at,
        register_position=act.pk, opened_at=at, due_at=due_at, terms=rules.terms_of(plan) | {"custody": _goes_to_a_laboratory()},
        scope=scope.stored if scope else {}, act=act,
    )
    listed = _list_everybody(row, outside(scope, response, zones, at))
    buildings = _check_buildings(row)
    sites = _assign_sites(row, buildings, plan, zones, serves or {})
    peopled = _open_board(row)
    again.open_for(row, by=by, at=at)
    sweeps.open_for(row, [building for building in buildings if building.pk in peopled], by=by, at=at)
    record(
        RoundOpened(
            response, number, area.code, listed, len(buildings), sites, row.register_position, due_at,
            scope.name.zh if scope else "",
        ),
        about=row.ref,
    )
    return Ref(row.ref)


def stand_alone() -> None:
    """Wait until no other act is in flight, and keep new ones out until this one commits.

    Only so can no fact slip below the position that the round names as its version of the register. SQLite has
    one writer anyway.
    """
    if bulk.is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [OPENING_LOCK])
            if not cursor.fetchone()[0]:
                raise refusals.BEING_OPENED.because()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])


def _check_free(response: Ref, area: Area, number: int, due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise refusals.DUE_PAST.because()
    for other in Round.objects.filter(status=Round.Status.OPEN).select_related("area"):
        if area.path.startswith(other.area.path) or other.area.path.startswith(area.path):
            raise refusals.ROUND_OPEN.because(number=other.number)
    if Round.objects.filter(response_ref=response, number=number).exists():
        raise refusals.ROUND_NUMBER_USED.because(number=number)


def listed_in(row: Round) -> tuple[str, list[Any]]:
    """SQL of everybody the register owes a round: present in its area at its version, less who it does not cover."""
    present = present_at(row.area.path, register_of(row))
    if read_terms(row.terms).covers is None and not row.scope:
        return present.sql, present.params
    return (
        f"SELECT person_id, building_id, kind FROM ({present.sql}) present WHERE NOT EXISTS"
        " (SELECT 1 FROM rounds_notowed n WHERE n.round_id = %s AND n.person_id = present.person_id)",
        [*present.params, row.pk],
    )


def register_of(row: Round) -> Cutoff:
    """The version of the register a round was opened from."""
    return Cutoff(row.register_at, row.register_position)


def _list_everybody(row: Round, beyond: Query) -> int:
    _leave_out(row, beyond)
    sql, params = listed_in(row)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rounds_entry"
            " (round_id, person_id, building_id, origin, state, attempts, facts, act_id)"
            " SELECT %s, person_id, building_id, 'listed', 'to_do', 0, 0, %s"
            f" FROM ({sql}) p",
            [row.pk, row.act_id, *params],
        )
        listed = int(cursor.rowcount)
    if not listed:
        raise refusals.NOBODY_LISTED.because()
    bulk.analyze("rounds_entry")
    return listed


def _leave_out(row: Round, beyond: Query) -> None:
    """Write down who is present and known to be outside the ages or beyond the scope of the round. One statement."""
    covers = read_terms(row.terms).covers
    if covers is None and not row.scope:
        return
    present = present_at(row.area.path, register_of(row))
    left, values = _left_out(covers, beyond, row.opened_at)
    bulk.execute(
        "INSERT INTO rounds_notowed (round_id, person_id, act_id) SELECT %s, p.id, %s"
        f" FROM ({present.sql}) present JOIN registry_person p ON p.id = present.person_id WHERE {left}",
        [row.pk, row.act_id, *present.params, *values],
    )


def _left_out(covers: tuple[int, int] | None, beyond: Query, at: datetime) -> Query:
    """SQL of a person `p` who is `present` and not owed at a moment; true or false, never unknown."""
    if covers is None:
        return beyond
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    born = [rules.months_before(today, months).isoformat() for months in covers]
    return f"((p.birth_on > %s OR p.birth_on <= %s) IS TRUE OR {beyond[0]})", [*born, *beyond[1]]


def would_list(
    area_path: str, plan: RoundsSection, at: datetime, beyond: Query = EVERYBODY
) -> tuple[dict[int, int], int]:
    """Building → people, as a list closed now would hold them, and how many present it would leave out. Two queries."""
    present = present_at(area_path, Cutoff(at))
    covers = (plan.covers.from_months, plan.covers.below_months) if plan.covers else None
    left, values = _left_out(covers, beyond, at)
    counted = dict(
        bulk.fetch(
            f"SELECT building_id, COUNT(*) FROM ({present.sql}) present JOIN registry_person p ON p.id = present.person_id"
            f" WHERE NOT ({left}) GROUP BY building_id",
            [*present.params, *values],
        )
    )
    narrowed = covers is not None or beyond != EVERYBODY
    return counted, present.count() - sum(counted.values()) if narrowed else 0


def _check_buildings(row: Round) -> list[Area]:
    """The buildings of the round; refuses when somebody is listed where nobody could answer for them."""
    buildings = list(buildings_within(row.area.path).select_related("parent"))
    running = {building.pk: building for building in buildings}
    listed = [key for (key,) in bulk.fetch("SELECT DISTINCT building_id FROM rounds_entry WHERE round_id = %s", [row.pk])]
    ended = [key for key in listed if key not in running]
    if ended:
        raise refusals.BUILDING_ENDED.because(buildings=_codes(ended))
    loose = [key for key in listed if (up := running[key].parent) is None or up.level != Area.Level.GRID]
    if loose:
        raise refusals.NO_GRID.because(buildings=_codes(loose))
    return buildings


def _codes(keys: Sequence[int]) -> str:
    codes = list(Area.objects.filter(id__in=keys[:NAMED]).order_by("code").values_list("code", flat=True))
    return "、".join(codes) + ("…" if len(keys) > NAMED else "")


def _goes_to_a_laboratory() -> bool:
    """Whether the plan followed now says what happens to tubes after they are sealed."""
    pack = followed_pack()
    return pack is not None and LABORATORY in pack.sections


def _assign_sites(
    row: Round, buildings: Sequence[Area], plan: RoundsSection, zones: ZonesSection | None, serves: Mapping[str, str]
) -> int:
    sites = {site.code: site for site in queries.running_sites().order_by("code").select_related("area")}
    if not sites:
        raise refusals.NO_SITE.because()
    for code in serves.values():
        if code not in sites:
            raise refusals.UNKNOWN_SITE.because(site=code)
    near = [site for site in sites.values() if site.area.path.startswith(row.area.path)] or list(sites.values())
    nearest = rules.nearest(
        [rules.Place(building.lon, building.lat, building.path) for building in buildings],
        [rules.Place(site.lon, site.lat, site.area.path) for site in near],
    )
    pools = pools_at(row.response_ref, plan, zones, row.opened_at)
    plain = plan.pool_size(zones)
    duties = [
        SiteDuty(
            round=row, building=building, pool_size=pools.get(building.pk, plain),
            site=sites[serves[building.code]] if building.code in serves else near[place],
        )
        for building, place in zip(buildings, nearest, strict=True)
    ]
    SiteDuty.objects.bulk_create(duties, batch_size=1000)
    bulk.analyze("rounds_siteduty")
    return len({duty.site_id for duty in duties})


def _open_board(row: Round) -> set[int]:
    """The board's rows, one for each building; answers the buildings in which somebody is listed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rounds_tally (round_id, building_id, task_id, listed, found, to_do, sampled, excused,"
            " refused, away, unreachable)"
            " SELECT d.round_id, d.building_id, NULL, COUNT(e.person_id), 0, COUNT(e.person_id), 0, 0, 0, 0, 0"
            " FROM rounds_siteduty d LEFT JOIN rounds_entry e"
            " ON e.round_id = d.round_id AND e.building_id = d.building_id"
            " WHERE d.round_id = %s GROUP BY d.round_id, d.building_id",
            [row.pk],
        )
    return {key for (key,) in bulk.fetch(
        "SELECT building_id FROM rounds_tally WHERE round_id = %s AND listed > 0", [row.pk]
    )}
