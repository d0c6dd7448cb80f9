"""A zone over a whole district: its preview, its commitment, the books at a past instant and the daily report.

`python -m benchmarks.zone_preview` plants a district with an open round in which up to 35,000 people are excused, and
measures on SQLite and PostgreSQL, each against plain SQL that must give the same numbers, both in turn (ABBA):

- preview: people, households and needs of every building that would change, against three GROUP BY statements;
- commit: setting the zone by two people with orders, notices and alert, against inserting its tier rows alone;
- books: every balance at an instant before the last changes, against counting the same sides of the round's book;
- report: the daily report in HTML and JSON, against the same books.

Queries are counted for each; `--growth` runs it at 100,000 and at 1,000,000 people.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks import district
from benchmarks.in_turn import ask, in_turn

PEOPLE = 71_000
GROWTH = (100_000, 1_000_000)
NEED_EVERY, EXCUSED_AT_MOST = 20, 35_000


def run(people: int = PEOPLE, pairs: int = 5) -> dict[str, Any]:
    """All figures of this benchmark."""
    return in_turn("benchmarks.zone_preview", people, pairs)


def race(people: int, pairs: int) -> dict[str, Any]:
    """Each sum and the plain SQL beside it."""
    district.start_django()
    planted = district.plant(people, max(20, people // 50))
    plant_households(planted)
    response = plant_response()
    key, ref = district.open_round(1)
    plant_decisions(planted, ref)
    at = district.AT + timedelta(hours=3)
    figures: dict[str, Any] = {"people": people, "buildings": len(planted.buildings)}
    figures["preview"] = in_pairs(pairs, lambda: preview(response, planted.buildings, at), plain_preview)
    figures["books"] = in_pairs(pairs, lambda: books(at, key), lambda: plain_books(key))
    figures["report"] = in_pairs(pairs, lambda: report(at), lambda: books(at, key), alike=False)
    figures["commit"] = commit(response, planted.buildings, at)
    return figures


def in_pairs(pairs: int, ours: Callable[[], Any], plain: Callable[[], Any], *, alike: bool = True) -> dict[str, Any]:
    """Both sides in turn; their answers are compared before any time counts."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sides = {"ours": ours, "plain": plain}
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    queries = 0
    for pair in range(pairs + 1):
        seen: dict[str, Any] = {}
        for side in ("ours", "plain") if pair % 2 else ("plain", "ours"):
            with CaptureQueriesContext(connection) as caught:
                begun = time.perf_counter()
                seen[side] = sides[side]()
                spent = time.perf_counter() - begun
            queries = len(caught) if side == "ours" else queries
            if pair:
                times[side].append(spent)
        if alike and seen["ours"] != seen["plain"]:
            raise SystemExit(f"the answers differ: {seen}")
    ratios = [slow / fast for slow, fast in zip(times["ours"], times["plain"], strict=True)]
    return {
        "times_plain_sql": round(statistics.median(ratios), 2), "ratios": [round(ratio, 2) for ratio in ratios],
        "ms": round(statistics.median(times["ours"]) * 1000, 1),
        "plain_ms": round(statistics.median(times["plain"]) * 1000, 1), "queries": queries,
    }


def preview(response: Any, buildings: list[int], at: Any) -> tuple[int, int, int]:
    """People, households and needs, as the page of the proposal shows them."""
    from firebreak.command.zoning.preview import preview_zone

    found = preview_zone(response, tier="control", buildings=buildings, at=at)
    return found.people, found.households, sum(found.needs.values())


def plain_preview() -> tuple[int, int, int]:
    """The same three numbers by building, as somebody at a database prompt would ask for them."""
    asked = (
        "SELECT building_id, COUNT(DISTINCT person_id) FROM registry_presence WHERE kind = 'lives' GROUP BY building_id",
        "SELECT building_id, COUNT(*) FROM registry_household GROUP BY building_id",
        "SELECT p.building_id, COUNT(*) FROM registry_presence p JOIN registry_needflag n ON n.person_id = p.person_id"
        " WHERE p.kind = 'lives' GROUP BY p.building_id",
    )
    people, households, needs = (sum(count for _, count in rows(sql)) for sql in asked)
    return people, households, needs


def books(at: Any, key: int) -> tuple[int, int, int]:
    """Owed, excused and open of the round's people, from all books at an instant."""
    from firebreak.engine.ledgers.registry import balance_all
    from firebreak.kernel.cutoff import Cutoff

    found = next(one for one in balance_all(Cutoff(at)) if one.name.startswith("round") and one.owed)
    return found.owed, found.excused, found.open


def plain_books(key: int) -> tuple[int, int, int]:
    """The same sides by counting the list and the latest outcome of each."""
    ((owed, excused, left),) = rows(
        "SELECT COUNT(*), SUM(CASE WHEN o.state = 'excused' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN o.state IS NULL THEN 1 ELSE 0 END) FROM rounds_entry e LEFT JOIN rounds_entryoutcome o ON o.id ="
        " (SELECT MAX(x.id) FROM rounds_entryoutcome x WHERE x.round_id = e.round_id AND x.person_id = e.person_id)"
        f" WHERE e.round_id = {key}"
    )
    return int(owed), int(excused), int(left)


def report(at: Any) -> int:
    """The daily report's HTML and JSON; their length."""
    from firebreak.command.reports import daily
    from firebreak.kernel.cutoff import Cutoff

    made = daily.render(at.date(), Cutoff(at), "0" * 64)
    return len(made.html) + len(made.json)


def commit(response: Any, buildings: list[int], at: Any) -> dict[str, Any]:
    """Proposing and approving the zone, once, and then its tier rows alone written again, once."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from firebreak.command.zoning.actions import ZoneDraft, propose_zone
    from firebreak.engine import bulk
    from firebreak.engine.approvals.actions import approve
    from firebreak.engine.approvals.models import Proposal
    from firebreak.engine.journal.models import Act
    from firebreak.kernel.actor import SystemActor
    from firebreak.kernel.permissions import catalogue
    from firebreak.kernel.refs import Ref
    from firebreak.kernel.text import T
    from firebreak.operations.zones.models import TierChange, Zone

    second = SystemActor("second", frozenset(catalogue()))
    draft = ZoneDraft(
        tier="control", name=T("全区管控", "Whole district"), legal_basis="法", document_number="1",
        review_on=(at + timedelta(days=3)).date(), areas=["D0"],
    )
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as caught:
        propose_zone(response=Ref(response.ref), draft=draft, by=district.everybody(), at=at)
        approve(proposal=Ref(Proposal.objects.latest("id").ref), by=second, at=at)
    ours = time.perf_counter() - begun
    assert TierChange.objects.count() == len(buildings)
    zone, act, moment = Zone.objects.latest("id"), Act.objects.latest("id").pk, bulk.moment(at)
    begun = time.perf_counter()
    bulk.insert(
        "zones_tierchange", ("response_ref", "building_id", "zone_id", "tier", "happened_at", "act_id"),
        [(response.ref, building, zone.pk, "control", moment, act) for building in buildings],
    )
    plain = time.perf_counter() - begun
    return {
        "times_plain_sql": round(ours / plain, 1), "ms": round(ours * 1000), "plain_ms": round(plain * 1000, 1),
        "queries": len(caught),
    }


def plant_households(planted: district.District) -> None:
    """A household for three people, a need for one in twenty."""
    from firebreak.engine import bulk

    people = len(planted.people)
    doors = [
        (f"household:{number}", planted.buildings[number * 3 * len(planted.buildings) // people], str(number), "")
        for number in range(people // 3)
    ]
    bulk.insert("registry_household", ("ref", "building_id", "door", "number"), doors)
    bulk.insert("registry_needflag", ("person_id", "key"), [(key, "dialysis") for key in planted.people[::NEED_EVERY]])
    bulk.execute("ANALYZE")


def plant_decisions(planted: district.District, ref: str) -> None:
    """Every second person excused, as the pages do it, 500 in an act; 35,000 at most, whatever the size."""
    from firebreak.engine import bulk
    from firebreak.kernel.refs import Ref
    from firebreak.operations.rounds.together import MOST, excuse_people

    chosen = [Ref(one) for one in planted.refs[::2][:EXCUSED_AT_MOST]]
    for start in range(0, len(chosen), MOST):
        excuse_people(
            round=Ref(ref), people=chosen[start:start + MOST], reason="isolation", note="", by=district.everybody(),
            at=district.AT + timedelta(hours=2),
        )
    bulk.execute("ANALYZE")


def plant_response() -> Any:
    """The response of the planted units, under the covid pack, as an activation would leave it."""
    from pathlib import Path

    from firebreak.command.activation.models import Response, Signal
    from firebreak.engine.areas.models import Area
    from firebreak.engine.journal.models import Act
    from firebreak.engine.plans.actions import adopt_plan
    from firebreak.engine.plans.loader import load_pack
    from firebreak.engine.plans.models import AdoptedPlan

    pack = load_pack(Path(__file__).parents[1] / "plans" / "covid-2022")
    plan = AdoptedPlan.objects.get(ref=adopt_plan(pack=pack, authority="1", by=district.everybody(), at=district.AT))
    area, act = Area.objects.get(code="D0"), Act.objects.latest("id")
    signal = Signal.objects.create(
        ref="signal:1", plan=plan, kind="screening_positive", channel="telephone", reporter="1", area=area,
        classification="suspected", status="confirmed", received_at=district.AT, taken_by="system:1", act=act,
    )
    return Response.objects.create(
        ref=district.RESPONSE, name_zh="应急响应", name_en="Response", plan=plan, signal=signal, area=area,
        level_before="routine", level="emergency", legal_basis="法", document_number="1", document_base=1,
        proposed_by="system:1", activated_by="system:2", activated_at=district.AT, review_on=district.AT.date(), act=act,
    )


def rows(sql: str) -> list[Any]:
    """What a statement answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


if __name__ == "__main__":
    ask("benchmarks.zone_preview", __doc__, race, PEOPLE, 5, GROWTH)
