"""The drill's lists go in by the public importer, without one row left out or taken for another."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from firebreak.command.drill.district import area_rows, building_rows, people_rows, roster_rows
from firebreak.engine.registry.importing import actions, listing
from firebreak.engine.registry.models import Household, NeedFlag, Person, Presence
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import SystemActor
from tests.support.inventions import ONE_PERCENT, district, roster

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
BY = SystemActor("test", frozenset({"areas.write", "registry.import", "units.write"}))


def bring_in(kind: str, rows: Iterable[list[str]]) -> dict[str, int]:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    sheet, mapping = listing.read_sheet(kind, text.getvalue().encode())
    laid = listing.lay_out(sheet, mapping, name=f"{kind}.csv", by=BY)
    return dict(actions.bring_in(file=actions.stage_import(listing=laid, by=BY, at=AT), by=BY, at=AT))


def all_accepted(rows: int) -> dict[str, int]:
    return {"rows": rows, "accepted": rows, "rejected": 0, "duplicate": 0}


def test_every_row_of_every_list_is_accepted() -> None:
    place, enrolled = district(ONE_PERCENT), roster(ONE_PERCENT)
    assert bring_in("areas", area_rows(place)) == all_accepted(1 + len(place.communities) + len(place.grids))
    assert bring_in("buildings", building_rows(place)) == all_accepted(len(place.buildings))
    assert bring_in("people", people_rows(place)) == all_accepted(ONE_PERCENT)
    assert bring_in("roster", roster_rows(enrolled)) == all_accepted(len(enrolled.members))
    assert Person.objects.count() == Presence.objects.count() == ONE_PERCENT
    assert Household.objects.count() >= len(place.households)
    assert NeedFlag.objects.count() == sum(len(person.needs) for person in place.residents)
    assert Member.objects.count() == len(enrolled.members)


def test_lists_sent_twice_change_nothing() -> None:
    place = district(ONE_PERCENT)
    lists = (("areas", area_rows), ("buildings", building_rows), ("people", people_rows))
    for kind, rows in lists:
        bring_in(kind, rows(place))
    again = [bring_in(kind, rows(place)) for kind, rows in lists]
    assert [counts["accepted"] + counts["rejected"] for counts in again] == [0, 0, 0]
    assert Person.objects.count() == ONE_PERCENT
