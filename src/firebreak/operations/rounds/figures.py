"""Figures of the round that was opened last before a cut-off; each opens exactly the rows it counts.

Every figure is one query over append-only rows (or rows that carry their act), so it never changes for a cut-off
that has been printed. Rows name refs and codes, never residents.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from firebreak.engine import bulk
from firebreak.engine.ledgers.registry import Figure, Row, register_figure
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.operations.rounds.ledger import Query, Sides, sides, tubes_in
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.rights import READ_ROUNDS

Make = Callable[[Round, Sides, Cutoff], Query]

COLUMNS = {
    "person": T("人员编号", "Person"),
    "building": T("楼栋", "Building"),
    "tube": T("采样管", "Tube"),
    "at": T("时间", "At"),
    "reason": T("理由", "Reason"),
    "members": T("人数", "People"),
    "site": T("采样点", "Site"),
    "result": T("结果", "Result"),
    "outcome": T("结果", "Outcome"),
    "tubes": T("管数", "Tubes"),
    "due_at": T("时限", "Due"),
}
HXL = {
    "person": "#meta+id",
    "building": "#loc+code",
    "tube": "#item+code",
    "at": "#date+reported",
    "reason": "#status",
    "site": "#loc+site+code",
    "due_at": "#date+due",
    "result": "#status",
    "outcome": "#status",
}
PEOPLE, SWABS, TUBES = T("人", "people"), T("份", "swabs"), T("支", "tubes")
SITES, TIMES = T("个", "sites"), T("次", "times")


def last_round(cutoff: Cutoff) -> Round | None:
    """The round opened last before a cut-off. One query."""
    known = Round.objects.filter(opened_at__lte=cutoff.at, act_id__lte=cutoff.position)
    return known.exclude(status=Round.Status.CANCELLED).select_related("area").order_by("opened_at", "id").last()


def _people(query: Query, more: str = "") -> Query:
    """Person and building of everybody in a side."""
    sql, params = query
    return (
        f"SELECT p.ref, a.code{more} FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
        " LEFT JOIN areas_area a ON a.id = x.building_id ORDER BY p.ref", params,
    )


def _listed(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    from firebreak.operations.rounds.opening import listed_in

    return _people(listed_in(row))


def _misses(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    return _people((
        "SELECT person_id, building_id FROM rounds_listmiss WHERE round_id = %s AND happened_at <= %s AND act_id <= %s",
        [row.pk, bulk.moment(cutoff.at), cutoff.position],
    ))


def _scans(row: Round, cutoff: Cutoff) -> Query:
    at = bulk.moment(cutoff.at)
    return (
        "SELECT s.person_id, s.tube_id, s.outcome, s.happened_at FROM rounds_scan s WHERE s.round_id = %s AND s.happened_at <= %s"
        " AND s.act_id <= %s AND NOT EXISTS (SELECT 1 FROM rounds_undo u WHERE u.scan_event_id = s.event_id"
        " AND u.happened_at <= %s AND u.act_id <= %s)",
        [row.pk, at, cutoff.position, at, cutoff.position],
    )


def _sampled(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    sql, params = _scans(row, cutoff)
    return (
        f"SELECT p.ref, MIN(x.happened_at) FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
        " GROUP BY p.ref ORDER BY p.ref", params,
    )


def _swabs(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    sql, params = _scans(row, cutoff)
    return (
        f"SELECT p.ref, t.code, MIN(x.happened_at) FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
        " JOIN rounds_tube t ON t.id = x.tube_id GROUP BY p.ref, t.code ORDER BY p.ref, t.code", params,
    )


def _doubles(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    sql, params = _scans(row, cutoff)
    return (
        f"SELECT p.ref, COUNT(DISTINCT x.tube_id) FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
        " GROUP BY p.ref HAVING COUNT(DISTINCT x.tube_id) > 1 ORDER BY p.ref", params,
    )


def _outcomes(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    sql, params = _scans(row, cutoff)
    return (
        f"SELECT p.ref, x.outcome, x.happened_at FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
        " WHERE x.tube_id IS NULL ORDER BY p.ref, x.happened_at",
        params,
    )


def _closed(*states: str) -> Make:
    """People closed with one of these states."""

    def make(row: Round, four: Sides, cutoff: Cutoff) -> Query:
        sql, params = four.excused
        places = ", ".join(["%s"] * len(states))
        return (
            f"SELECT p.ref, x.reason FROM ({sql}) x JOIN registry_person p ON p.id = x.person_id"
            f" WHERE x.state IN ({places}) ORDER BY p.ref", [*params, *states],
        )

    return make


def _open(*states: str) -> Make:
    """People without an end, in one of these states."""

    def make(row: Round, four: Sides, cutoff: Cutoff) -> Query:
        sql, params = four.open
        places = ", ".join(["%s"] * len(states))
        return _people((f"SELECT * FROM ({sql}) y WHERE state IN ({places})", [*params, *states]), ", x.due_at")

    return make


def _tubes(status: str) -> Make:
    """Tubes whose last change is this one."""

    def make(row: Round, four: Sides, cutoff: Cutoff) -> Query:
        sql, params = tubes_in(status, row, cutoff)
        return (
            f"SELECT t.code, s.code, x.happened_at FROM ({sql}) x JOIN rounds_tube t ON t.id = x.tube_id"
            " JOIN rounds_site s ON s.id = t.site_id ORDER BY t.code", params,
        )

    return make


def _sites(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    return (
        "SELECT DISTINCT s.code FROM rounds_siteduty d JOIN rounds_site s ON s.id = d.site_id"
        " WHERE d.round_id = %s ORDER BY s.code", [row.pk],
    )


def _attempts(row: Round, four: Sides, cutoff: Cutoff) -> Query:
    at = bulk.moment(cutoff.at)
    return (
        "SELECT p.ref, t.result, t.happened_at FROM rounds_attempt t JOIN registry_person p ON p.id = t.person_id"
        " WHERE t.round_id = %s AND t.happened_at <= %s AND t.act_id <= %s"
        " AND NOT EXISTS (SELECT 1 FROM rounds_attemptundo u WHERE u.attempt_event_id = t.event_id"
        " AND u.happened_at <= %s AND u.act_id <= %s) ORDER BY t.id",
        [row.pk, at, cutoff.position, at, cutoff.position],
    )


FIGURES: tuple[tuple[str, T, T, tuple[str, ...], Make], ...] = (
    ("listed", T("底册应采", "Listed"), PEOPLE, ("person", "building"), _listed),
    ("list-misses", T("补录漏人", "Found beside the list"), PEOPLE, ("person", "building"), _misses),
    ("sampled", T("已采样", "Sampled"), PEOPLE, ("person", "at"), _sampled),
    ("swabs", T("采样份数", "Swabs"), SWABS, ("person", "tube", "at"), _swabs),
    ("doubles", T("重复采样", "Sampled more than once"), PEOPLE, ("person", "tubes"), _doubles),
    ("outcomes", T("上门结果", "Outcomes at the door"), TIMES, ("person", "outcome", "at"), _outcomes),
    ("excused", T("豁免", "Excused"), PEOPLE, ("person", "reason"), _closed("excused")),
    ("moved", T("已迁出", "Moved"), PEOPLE, ("person", "reason"), _closed("moved")),
    ("dead", T("已故", "Dead"), PEOPLE, ("person", "reason"), _closed("dead")),
    ("duplicates", T("重复登记", "Registered twice"), PEOPLE, ("person", "reason"), _closed("duplicate")),
    ("refused", T("拒检", "Refused"), PEOPLE, ("person", "reason"), _closed("refused")),
    ("away", T("外出", "Away"), PEOPLE, ("person", "building", "due_at"), _open("away")),
    ("unreachable", T("失联", "Unreachable"), PEOPLE, ("person", "building", "due_at"), _open("unreachable")),
    ("to-do", T("待采", "To do"), PEOPLE, ("person", "building", "due_at"), _open("to_do")),
    ("missing", T("漏采", "Still missing"), PEOPLE, ("person", "building", "due_at"),
     _open("to_do", "away", "unreachable")),
    ("attempts", T("联系次数", "Attempts"), TIMES, ("person", "result", "at"), _attempts),
    ("sites", T("采样点", "Sampling sites"), SITES, ("site",), _sites),
    ("tubes-open", T("在用采样管", "Tubes in use"), TUBES, ("tube", "site", "at"), _tubes("open")),
    ("tubes-sealed", T("已封采样管", "Tubes sealed"), TUBES, ("tube", "site", "at"), _tubes("sealed")),
    ("tubes-void", T("作废采样管", "Tubes void"), TUBES, ("tube", "site", "at"), _tubes("void")),
)


def _figure(name: str, title: T, unit: T, columns: tuple[str, ...], make: Make) -> Figure:
    def count(cutoff: Cutoff) -> int:
        row = last_round(cutoff)
        if row is None:
            return 0
        sql, params = make(row, sides(row, cutoff), cutoff)
        return int(bulk.fetch(f"SELECT COUNT(*) FROM ({sql}) counted", params)[0][0])

    def rows(cutoff: Cutoff) -> Iterator[Row]:
        row = last_round(cutoff)
        if row is None:
            return
        sql, params = make(row, sides(row, cutoff), cutoff)
        for found in bulk.fetch(sql, params):
            yield {column: _plain(column, value) for column, value in zip(columns, found, strict=True)}

    return Figure(
        name=f"rounds.{name}", title=title, unit=unit, count=count, rows=rows,
        columns={column: COLUMNS[column] for column in columns}, permission=READ_ROUNDS,
        hxl={column: HXL[column] for column in columns if column in HXL},
    )


def _plain(column: str, value: Any) -> object:
    if value is not None and column in ("at", "due_at"):
        moment: datetime = bulk.read_moment(value)
        return iso(moment)
    return "" if value is None else value


def register() -> None:
    """Enter the figures; called once when Django starts."""
    for figure in FIGURES:
        register_figure(_figure(*figure))
