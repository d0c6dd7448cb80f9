"""A small district with a whole plan: areas, an adopted pack (covid-2022), and a roster for its posts."""

from functools import cache
from pathlib import Path

from firebreak.command.activation import queries as activation
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.plans.packs import Pack
from firebreak.engine.units.models import Member
from firebreak.engine.units.plan import PostSpec
from firebreak.kernel.refs import Ref
from tests.support.staffing import AT, everybody

PLANS = Path(__file__).parents[2] / "plans"


@cache
def pack_named(name: str) -> Pack:
    """A pack of the repository."""
    return load_pack(PLANS / name)


def covid() -> Pack:
    """The pack of the story."""
    return pack_named("covid-2022")


def adopt(pack: str = "covid-2022") -> Ref:
    """Adopt a pack."""
    return adopt_plan(pack=pack_named(pack), authority="区防指〔2022〕1号", by=everybody("founder"), at=AT)


def plant_district(communities: int = 7, grids: int = 4) -> Area:
    """District HT, its communities HT-01 … and their grids HT-01-01 …"""
    district = Area.objects.create(code="HT", path="/HT/", level="district", name_zh="海潭区", name_en="Haitan")
    for number in range(1, communities + 1):
        code = f"HT-{number:02d}"
        community = Area.objects.create(
            code=code, path=f"/HT/{code}/", level="community", parent=district, name_zh=f"{number}社区", name_en=code
        )
        Area.objects.bulk_create(
            Area(
                code=f"{code}-{grid:02d}", path=f"{community.path}{code}-{grid:02d}/", level="grid", parent=community,
                name_zh=f"{number}-{grid}网格", name_en=f"Grid {number}-{grid}",
            )
            for grid in range(1, grids + 1)
        )
    return district


def plant_roster(district: Area, *, without: frozenset[str] = frozenset(), pack: str = "covid-2022") -> int:
    """People for every post of the plan but those named `without`; answers how many."""
    posts = [post for post in posts_of(district, pack) if post.key not in without]
    rows = [
        Member(
            ref=f"member:{post.key}-{number}", name=f"{post.key}{number}", home="测试局", roster_post=post.key,
            roster_role="holder" if number == 0 else "member",
        )
        for post in posts
        for number in range(post.required_people)
    ]
    Member.objects.bulk_create(rows)
    return len(rows)


def posts_of(district: Area, pack: str = "covid-2022") -> tuple[PostSpec, ...]:
    """The posts the plan opens in this district."""
    return activation.draw(pack_named(pack), district, AT, AT).posts
