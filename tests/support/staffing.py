"""A small response to test with: two communities of two grids, a task force, four grid posts and their people."""

from datetime import UTC, datetime, timedelta

from firebreak.engine.access.models import Account
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.units.actions import NewPost, NewUnit, fill_posts_from_roster, form_units, open_posts
from firebreak.engine.units.models import Member, Post
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.permissions import catalogue
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

AT = datetime(2022, 6, 5, 6, 0, tzinfo=UTC)
RESPONSE = Ref("response:test")
HOUR = timedelta(hours=1)


def everybody(part: str = "chief") -> SystemActor:
    """Somebody with every right; two parts are two people."""
    return SystemActor(part, frozenset(catalogue()))


CHIEF, DEPUTY = "chief", "deputy"


def plant_areas() -> dict[str, Area]:
    """A district HT with communities A and B, grids A1 A2 B1 B2 and two buildings in each grid."""
    areas = {"HT": _area("HT", "district", None)}
    for community in ("A", "B"):
        areas[community] = _area(community, "community", areas["HT"])
        for number in (1, 2):
            grid = f"{community}{number}"
            areas[grid] = _area(grid, "grid", areas[community])
            for building in (f"{grid}-1", f"{grid}-2"):
                areas[building] = _area(building, "building", areas[grid])
    return areas


def plant_members(posts: dict[str, int]) -> None:
    """`posts` says how many people the roster names for each post code; the first is its holder."""
    Member.objects.bulk_create(
        Member(
            ref=f"member:{post}-{number}",
            name=f"{post}{number}",
            home="测试局",
            roster_post=post,
            roster_role="holder" if number == 0 else "member",
        )
        for post, people in posts.items()
        for number in range(people)
    )


UNITS = (
    NewUnit("hq", "", "headquarters", T("指挥部", "Headquarters"), T("统一指挥", "Commands")),
    NewUnit("community", "hq", "task_force", T("社区管控专班", "Community control"), T("管社区", "Keeps the grids")),
)


def post(code: str, unit: str, duty: str, areas: tuple[str, ...], *, leads: bool = False, required: int = 1) -> NewPost:
    return NewPost(code, unit, duty, T(f"{code}岗", f"Post {code}"), areas, leads, 30, required)


POSTS = (
    post("hq_lead", "hq", "command", ("HT",), leads=True),
    post("community_lead", "community", "lead", ("HT",), leads=True),
    post("grid_a1", "community", "grid", ("A1",), required=2),
    post("grid_a2", "community", "grid", ("A2",)),
    post("grid_b", "community", "grid", ("B",)),
)
ROSTER = {"hq_lead": 1, "community_lead": 1, "grid_a1": 2, "grid_a2": 1, "grid_b": 1}


def staffed(roster: dict[str, int] | None = None, at: datetime = AT) -> dict[str, Post]:
    """The response with its people in service; answers the posts by code."""
    plant_areas()
    plant_members(ROSTER if roster is None else roster)
    by = everybody()
    form_units(response=RESPONSE, units=UNITS, by=by, at=at)
    open_posts(response=RESPONSE, posts=POSTS, by=by, at=at)
    fill_posts_from_roster(response=RESPONSE, by=by, at=at)
    return {row.code: row for row in Post.objects.select_related("unit", "holder")}


def account_of(member: str, name: str) -> SystemActor:
    """Somebody who signs in as this member, without any right of a role."""
    Account.objects.create(ref=f"account:{name}", username=name, name=name, member_ref=member, created_at=AT)
    return _Person(name)


class _Person(SystemActor):
    """An account without rights: what it may do, it may do as the holder of a post."""

    def __init__(self, name: str) -> None:
        super().__init__(name, frozenset())

    @property
    def ref(self) -> Ref:
        return Ref(f"account:{self.part}")


def last_position() -> int:
    """The number of the latest act."""
    return Act.objects.latest("id").pk


def _area(code: str, level: str, parent: Area | None) -> Area:
    path = f"/{code}/" if parent is None else f"{parent.path}{code}/"
    return Area.objects.create(code=code, path=path, level=level, parent=parent, name_zh=code, name_en=code)
