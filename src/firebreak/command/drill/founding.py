"""Before the story begins: tables are there, nothing else. Afterwards the invented district is on the books.

Everything comes in through the doors a real district uses: lists through the importer, the plan by adoption,
accounts and roles by action.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Count

from firebreak.command.activation import queries as activation
from firebreak.command.drill import cast, lists
from firebreak.command.drill.district import (
    District,
    area_rows,
    building_rows,
    invent_district,
    invent_roster,
    people_rows,
    roster_rows,
)
from firebreak.command.drill.moments import FOUNDED
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.plans.packs import Pack
from firebreak.engine.registry.census import note_census
from firebreak.engine.registry.models import Presence
from firebreak.engine.units.plan import PostSpec, UnitsSection, expand_posts
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.text import T
from firebreak.operations.rounds.opening import SiteRow, add_sites

FOUNDER = SystemActor(
    "drill",
    frozenset(
        {
            "areas.write", "registry.import", "registry.write", "units.write", "plans.adopt", "accounts.write",
            "grants.write", "rounds.open", "capture.enrol",
        }
    ),
)
CENSUS_DAY, CENSUS_MORE = date(2020, 11, 1), 48
DRIVERS = 4
AUTHORITY = "演练指挥部第 1 号令 (drill order no. 1)"


@dataclass(frozen=True, slots=True)
class Founded:
    """The district as invented, and its plan."""

    district: District
    pack: Pack


def invent(pack_folder: Path, seed: int, people: int) -> Founded:
    """The district and the plan as values; the same for the same seed. Seconds for a full district."""
    return Founded(invent_district(seed, people), load_pack(pack_folder))


def found(data: Path, founded: Founded, seed: int, told: lists.Told) -> None:
    """Bring the district in. `told(what, rows)` is called as lists are written."""
    district, folder = founded.district, data / "drill" / "lists"
    lists.write_ground(data, district)
    for kind, rows in (
        ("areas", area_rows(district)), ("buildings", building_rows(district)), ("people", people_rows(district)),
    ):
        lists.bring_in_list(lists.write_list(folder, kind, rows), by=FOUNDER, at=FOUNDED, told=told)
    _count(district)
    adopt_plan(pack=founded.pack, authority=AUTHORITY, by=FOUNDER, at=FOUNDED)
    posts = _posts(founded)
    roster = roster_rows(invent_roster(district, seed, posts))
    lists.bring_in_list(lists.write_list(folder, "roster", roster), by=FOUNDER, at=FOUNDED, told=told)
    cast.open_accounts(posts, district=district.code, by=FOUNDER, at=FOUNDED)
    cast.open_site_accounts([site.code for site in district.sites], district=district.code, by=FOUNDER, at=FOUNDED)
    cast.open_team_accounts([community.code for community in district.communities], by=FOUNDER, at=FOUNDED)
    cast.open_driver_accounts(DRIVERS, district=district.code, by=FOUNDER, at=FOUNDED)
    add_sites(rows=_sites(district), by=FOUNDER, at=FOUNDED)


def _count(district: District) -> None:
    """A census of 2020, invented like the district: about two in a hundred more than the register knows."""
    codes = [district.code, *(community.code for community in district.communities)]
    paths = {area.code: area.path for area in Area.objects.filter(code__in=codes)}
    living = list(Presence.objects.filter(kind="lives").values_list("building__path").annotate(Count("id")))
    counts = {code: sum(people for path, people in living if path.startswith(paths[code])) for code in codes}
    note_census(
        counts={code: people + people // CENSUS_MORE for code, people in counts.items() if people},
        counted_on=CENSUS_DAY, source="第七次人口普查(虚构)", by=FOUNDER, at=FOUNDED,
    )


def _posts(founded: Founded) -> list[PostSpec]:
    """The plan's posts over this district, as the activation will spread them."""
    area = Area.objects.get(code=founded.district.code)
    spread = activation.district_of(area)
    return expand_posts(founded.pack.section(UnitsSection), spread.codes, parent_of=spread.parent_of)


def _sites(district: District) -> list[SiteRow]:
    communities = {grid.code: grid.community for grid in district.grids}
    return [
        SiteRow(site.code, T(site.name.zh, site.name.en), communities[site.grid], site.lon, site.lat, site.benches)
        for site in district.sites
    ]
