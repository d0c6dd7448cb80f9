"""The people who can be deployed: one roster that fills the posts of a plan, a few of them not quite.

Takes the posts as the plan spreads them over this district (`engine.units.plan.expand_posts`); invents people
only. Decides nothing about who is deployed when: that is the plan's activation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Protocol

from firebreak.command.drill.district.names import full_name, surname
from firebreak.command.drill.district.naming import join
from firebreak.command.drill.district.nouns import District
from firebreak.command.drill.district.papers import FOUND_DIVISION, Papers
from firebreak.command.drill.district.streams import Weighted, stream
from firebreak.kernel.text import T

BRANCHES = 14
_PHONES_FROM = 80_000_000
_SHORT_POSTS = ((3, 1), (2, 1), (5, 2), (4, 1))
"""Posts left short: how many of the fifths of the list to skip, and how many people are missing."""
_BUREAUS = (
    ("党政办公室", "General Office"), ("社会发展局", "Social Development Bureau"), ("经济发展局", "Economic Bureau"),
    ("财政金融局", "Finance Bureau"), ("建设交通局", "Construction and Traffic Bureau"),
    ("自然资源分局", "Natural Resources Branch"),
    ("公安分局", "Public Security Branch"), ("交警大队", "Traffic Police Brigade"),
    ("综合行政执法局", "Law Enforcement Bureau"),
    ("市场监管分局", "Market Supervision Branch"), ("应急管理局", "Emergency Bureau"), ("税务分局", "Tax Branch"),
    ("港航服务中心", "Port Service Centre"), ("招商服务中心", "Investment Centre"), ("医院", "Hospital"),
    ("疾控中心", "Disease Control Centre"), ("供电所", "Power Station"), ("自来水公司", "Water Company"),
    ("农业服务站", "Farm Service"),
)
_SKILLS = {
    "sampling": ("采样", "护理"), "specimen": ("标本转运",), "laboratory": ("检验",), "tracing": ("流行病学调查",),
    "driver": ("驾驶",),
    "dispatch": ("调度",), "isolation_site": ("隔离点管理",), "disinfection": ("消杀",), "care": ("急救", "护理"),
    "helpline": ("接线",), "publicity": ("文字", "新媒体"), "information_desk": ("表格", "文字"),
    "order_desk": ("文字",),
    "patrol": ("巡逻",), "road_check": ("交通指挥",), "warehouse": ("叉车",), "delivery": ("搬运", "驾驶"),
    "grid": ("群众工作", "闽南话"),
    "key_persons": ("心理疏导",),
}
_COMMON_SKILLS = ("驾驶", "闽南话", "急救", "英语", "摄影", "电工", "心理疏导", "表格")


class Standing(StrEnum):
    """A member's political standing as the roster writes it."""

    PARTY = "党员"
    CANDIDATE = "发展对象"
    ACTIVIST = "入党积极分子"
    NONE = "群众"


_STANDINGS = Weighted([(Standing.PARTY, 66.0), (Standing.CANDIDATE, 9.0), (Standing.ACTIVIST, 15.0),
    (Standing.NONE, 10.0)])


class PostNeed(Protocol):
    """A post as a plan asks for it; the plan's own `PostSpec` is one."""

    @property
    def key(self) -> str: ...
    @property
    def unit_key(self) -> str: ...
    @property
    def duty(self) -> str: ...
    @property
    def leads_unit(self) -> bool: ...
    @property
    def areas(self) -> tuple[str, ...]: ...
    @property
    def required_people(self) -> int: ...
    @property
    def name(self) -> T: ...


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster: the post they are named for, and their branch and pioneer team (1 to 14)."""

    number: int
    name: str
    sex: int
    phone: str
    home: T
    standing: Standing
    skills: tuple[str, ...]
    post: str
    holder: bool
    branch: int
    team: int


@dataclass(frozen=True, slots=True)
class FilledPost:
    """A post with the numbers of those named for it, its holder first."""

    code: str
    name: T
    unit: str
    duty: str
    areas: tuple[str, ...]
    leads_unit: bool
    required: int
    holder: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who can be deployed, and the posts they fill."""

    members: tuple[Member, ...]
    posts: tuple[FilledPost, ...]

    def holders(self, duty: str) -> tuple[Member, ...]:
        """Who answers for the posts of a duty, such as commander or task_force_leader, in the order of the posts."""
        return tuple(self.members[post.holder] for post in self.posts if post.duty == duty)

    def filling(self, duty: str) -> tuple[Member, ...]:
        """Everybody at the posts of a duty, such as all duty officers."""
        return tuple(self.members[number] for post in self.posts if post.duty == duty for number in post.members)


def invent_roster(district: District, seed: int, posts: Sequence[PostNeed]) -> Roster:
    """People for every post of a plan; four of the larger posts are one or two people short."""
    enlister = _Enlister(district, seed)
    missing = _missing(posts)
    filled = []
    for number, post in enumerate(posts):
        numbers = enlister.enlist(post, post.required_people - missing.get(number, 0))
        filled.append(FilledPost(
            post.key, post.name, post.unit_key, post.duty, tuple(post.areas), post.leads_unit, post.required_people,
            numbers[0], numbers,
        ))
    return Roster(tuple(enlister.members), tuple(filled))


def _missing(posts: Sequence[PostNeed]) -> dict[int, int]:
    """Which posts stay short, by place, and by how many people: large ones, spread over the list."""
    large = [number for number, post in enumerate(posts) if post.required_people >= 6 and not post.leads_unit]
    if len(large) < len(_SHORT_POSTS):
        return {}
    step = len(large) // len(_SHORT_POSTS)
    return {large[turn * step + skip % step]: short for turn, (skip, short) in enumerate(_SHORT_POSTS)}


class _Enlister:
    """Writes the roster person by person."""

    def __init__(self, district: District, seed: int) -> None:
        self.members: list[Member] = []
        self._chance = stream(seed, f"roster of {district.seed}")
        self._papers = Papers(FOUND_DIVISION, self._chance, phones_from=_PHONES_FROM, scatter=district.seed)
        self._homes = _homes(district)
        self._taken: set[str] = set()

    def enlist(self, post: PostNeed, people: int) -> tuple[int, ...]:
        """So many new members for a post, its holder first; at least the holder."""
        first = len(self.members)
        for place in range(max(1, people)):
            self._add(post, place == 0)
        return tuple(range(first, len(self.members)))

    def _add(self, post: PostNeed, holder: bool) -> None:
        chance = self._chance
        number = len(self.members)
        sex = 1 if chance.random() < 0.62 else 2
        born = chance.randint(1963, 1985) if post.leads_unit else chance.randint(1966, 2000)
        home = self._homes.of(post, chance)
        name = full_name(surname(chance), sex, born, chance)
        while name in self._taken:
            name = full_name(surname(chance), sex, born, chance)
        self._taken.add(name)
        group = _group(post.unit_key, number)
        self.members.append(Member(
            number, name, sex, self._papers.phone(), home, Standing.PARTY if holder else _STANDINGS.draw(chance),
            _skills(post.duty, chance), post.key, holder, group, group,
        ))


@dataclass(frozen=True, slots=True)
class _Homes:
    """Invented organisations people are drawn from."""

    committee: T
    bureaus: tuple[T, ...]
    others: tuple[T, ...]

    def of(self, post: PostNeed, chance: Random) -> T:
        """The committee for headquarters, a bureau for whoever leads a task force, else any of them."""
        if post.unit_key == "headquarters":
            return self.committee
        if post.leads_unit and chance.random() < 0.8:
            return chance.choice(self.bureaus[:12])
        return chance.choice(self.bureaus) if chance.random() < 0.6 else chance.choice(self.others)


def _homes(district: District) -> _Homes:
    front = T(district.name.zh.removesuffix("开发区"), district.name.en.removesuffix(" Bay Development Zone"))
    bureaus = [T(front.zh + zh, f"{front.en} {en}") for zh, en in _BUREAUS]
    communities = [
        T(f"{community.name.zh}{'委会' if community.kind == 'village' else '居委会'}",
            f"{community.name.en} Committee")
        for community in district.communities
    ]
    firms = [workplace.name for workplace in district.workplaces[:40:5]]
    return _Homes(join(front, "管委会", "Management Committee"), tuple(bureaus), (*communities, *communities, *firms))


def _group(unit_key: str, number: int) -> int:
    """Branch and team of a member: the unit's own number, else dealt out in turn."""
    tail = unit_key.rpartition("-")[2]
    return int(tail) if tail.isdigit() and 1 <= int(tail) <= BRANCHES else number % BRANCHES + 1


def _skills(duty: str, chance: Random) -> tuple[str, ...]:
    own = [word for word in _SKILLS.get(duty, ()) if chance.random() < 0.75]
    more = chance.choice(_COMMON_SKILLS)
    return tuple(own) if more in own or chance.random() < 0.5 else (*own, more)
