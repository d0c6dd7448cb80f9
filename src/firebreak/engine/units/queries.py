"""Reads of units: the tree, posts and their people at a cut-off, and who answers for a place.

"Standing" and "open" mean at this moment; whatever takes a `Cutoff` is true at that cut-off.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from firebreak.engine.access.models import Account
from firebreak.engine.areas.models import Area
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.engine.registry.importing.values import parse_one_phone
from firebreak.engine.units.models import Member, Post, PostArea, Service, Unit
from firebreak.engine.units.refusals import NOT_ON_THE_ROSTER, SEVERAL_ON_THE_ROSTER
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref

Services = QuerySet[Service]


@dataclass(frozen=True, slots=True)
class Slot:
    """A post with the people in service at it: `required` are asked for, `serving` are there (holder included)."""

    post: Post
    holder: Member | None
    serving: int

    @property
    def missing(self) -> int:
        """People still lacking."""
        return max(0, self.post.required - self.serving)

    @property
    def filled(self) -> bool:
        """Somebody answers for it and nobody is lacking."""
        return self.holder is not None and not self.missing


def within(cutoff: Cutoff, begin: str, end: str, at: str = "") -> Q:
    """Rows that had begun and not ended at a cut-off; `begin`/`end` name the moments, `at` prefixes a join."""
    begun = Q(**{f"{at}{begin}__lte": cutoff.at, f"{at}act_id__lte": cutoff.position})
    ended = Q(**{f"{at}{end}__lte": cutoff.at, f"{at}end_act_id__lte": cutoff.position})
    return begun & (Q(**{f"{at}{end}": None}) | ~ended)


def standing_units(response: str) -> QuerySet[Unit]:
    """Units of a response that stand, in the order of the tree."""
    return Unit.objects.filter(response_ref=response, dissolved_at=None).order_by("id")


def units_at(cutoff: Cutoff, kind: str = "") -> QuerySet[Unit]:
    """Units that stood at a cut-off."""
    rows = Unit.objects.filter(within(cutoff, "formed_at", "dissolved_at"))
    return rows.filter(kind=kind) if kind else rows


def open_posts(response: str) -> QuerySet[Post]:
    """Open posts of a response."""
    return Post.objects.filter(unit__response_ref=response, closed_at=None).order_by("id")


def slots(response: str) -> list[Slot]:
    """Every open post of a response with its people, in the order of the tree; two queries."""
    posts = list(open_posts(response).select_related("unit", "holder").order_by("unit__id", "-leads_unit", "id"))
    serving = _heads(Service.objects.filter(post__in=posts, ends_at=None))
    return [Slot(post, post.holder, serving[post.id]) for post in posts]


def posts_at(cutoff: Cutoff) -> QuerySet[Post]:
    """Posts open at a cut-off."""
    return Post.objects.filter(within(cutoff, "opened_at", "closed_at"))


def slots_at(cutoff: Cutoff) -> list[Slot]:
    """Every post open at a cut-off with its people then; two queries."""
    posts = list(posts_at(cutoff).select_related("unit").order_by("unit__id", "id"))
    services = Service.objects.filter(within(cutoff, "begins_at", "ends_at")).select_related("member")
    holders: dict[int, Member] = {}
    people: dict[int, set[int]] = defaultdict(set)
    for service in services:
        people[service.post_id].add(service.member_id)
        if service.role == Service.Role.HOLDER:
            holders[service.post_id] = service.member
    return [Slot(post, holders.get(post.id), len(people[post.id])) for post in posts]


def unfilled_posts(response: str) -> QuerySet[Post]:
    """Open posts that nobody holds or that lack people now; one query, whatever the roster's size."""
    serving = Count("services__member", filter=Q(services__ends_at=None), distinct=True)
    lacking = open_posts(response).annotate(serving=serving)
    return lacking.filter(Q(holder=None) | Q(serving__lt=F("required")))


def filled(cutoff: Cutoff) -> int:
    """How many posts were filled at a cut-off."""
    return sum(slot.filled for slot in slots_at(cutoff))


def members_in_service(cutoff: Cutoff) -> QuerySet[Member]:
    """Distinct members in service at a cut-off."""
    serving = Service.objects.filter(within(cutoff, "begins_at", "ends_at")).values("member_id")
    return Member.objects.filter(id__in=serving).order_by("id")


def unled(cutoff: Cutoff, kind: str = Unit.Kind.TASK_FORCE) -> list[Unit]:
    """Units of a kind whose leader post nobody held at a cut-off: an alarm; three queries."""
    led = {slot.post.unit_id for slot in slots_at(cutoff) if slot.post.leads_unit and slot.holder is not None}
    return [unit for unit in units_at(cutoff, kind).order_by("id") if unit.id not in led]


def leader_post(unit: Ref) -> Post | None:
    """The open leader post of a unit."""
    return Post.objects.filter(unit__ref=unit, leads_unit=True, closed_at=None).select_related("unit").first()


def headquarters_post(response: str) -> Post | None:
    """The post that leads headquarters: the top of every climb."""
    top = Post.objects.filter(unit__response_ref=response, unit__parent=None, leads_unit=True, closed_at=None)
    return top.select_related("unit").first()


def desk_post(response: str, duty: str = "duty_officer") -> Post | None:
    """The held post of a duty at headquarters, else the post that leads it: who is told what nobody else owns."""
    return open_posts(response).filter(duty=duty, holder__isnull=False).first() or headquarters_post(response)


def leader_or_desk(response: str, unit: str | None) -> Post | None:
    """The held post that leads a unit, by its key, else `desk_post`. Three queries at most."""
    leader = open_posts(response).filter(unit__key=unit, leads_unit=True, holder__isnull=False).first()
    return leader or desk_post(response)


def deputies_of(posts: Iterable[int]) -> dict[int, list[Member]]:
    """The deputy of each post that has one, by post key. One query."""
    found: dict[int, list[Member]] = defaultdict(list)
    rows = Service.objects.filter(post__in=list(posts), role=Service.Role.DEPUTY, ends_at=None)
    for service in rows.select_related("member").order_by("id"):
        found[service.post_id].append(service.member)
    return found


def holders_of_duties(responses: Iterable[str], duties: Iterable[str]) -> dict[str, list[Member]]:
    """Who holds these duties at the headquarters of each response. One query."""
    found: dict[str, list[Member]] = defaultdict(list)
    rows = Post.objects.filter(
        unit__response_ref__in=list(responses), unit__parent=None, duty__in=list(duties), closed_at=None, holder__isnull=False
    )
    for post in rows.select_related("unit", "holder").order_by("id"):
        if post.holder is not None:
            found[post.unit.response_ref].append(post.holder)
    return found


def posts_for(buildings: Iterable[int], duty: str, response: str) -> dict[int, int]:
    """The post that answers for each building (by area key) in a duty; three queries for any number, six at most.

    The nearest held post whose area contains the building; alike posts of one area share its buildings. Where
    nobody holds one: the leader of the unit that has the duty, else the post that leads headquarters.
    Errors: `LookupError` when the response has no headquarters post.
    """
    wanted = sorted(set(buildings))
    posts = _posts_of_duty(duty, response)
    by_area = _by_area(posts)
    paths = dict(Area.objects.filter(id__in=wanted).values_list("id", "path"))
    nearest = {key: _nearest(paths.get(key, ""), key, by_area) for key in wanted}
    fallback = _fallback(posts, response) if None in nearest.values() else 0
    return {key: fallback if post is None else post for key, post in nearest.items()}


def post_for(area_path: str, duty: str, response: str) -> Post:
    """The post that answers for one area in a duty, chosen as `posts_for` does; four queries."""
    posts = _posts_of_duty(duty, response)
    chosen = _nearest(area_path, 0, _by_area(posts)) or _fallback(posts, response)
    return Post.objects.select_related("unit", "holder").get(id=chosen)


def step_up(post: Post) -> Post | None:
    """Where an overdue task of this post climbs: the held leader post of its own unit, else of a unit above."""
    unit: Unit | None = post.unit.parent if post.leads_unit else post.unit
    while unit is not None:
        leader = Post.objects.filter(unit=unit, leads_unit=True, closed_at=None).select_related("unit").first()
        if leader is not None and (leader.holder_id is not None or unit.parent_id is None):
            return leader
        unit = unit.parent
    return None


def steps_up(posts: Sequence[Post]) -> dict[int, Post | None]:
    """`step_up` of many posts at once; two queries for each response among them."""
    responses = {post.unit.response_ref for post in posts}
    units = {unit.id: unit for unit in Unit.objects.filter(response_ref__in=responses)}
    leading = Post.objects.filter(unit__in=units, leads_unit=True, closed_at=None)
    leaders = {post.unit_id: post for post in leading.select_related("unit", "holder")}
    return {post.id: _climb(post, units, leaders) for post in posts}


def posts_held_by(account: str) -> QuerySet[Post]:
    """Open posts whose holder signs in with this account."""
    member = Account.objects.filter(ref=account).exclude(member_ref="").values("member_ref")
    return Post.objects.filter(holder__ref__in=member, closed_at=None).select_related("unit").order_by("id")


def accounts_of(members: Iterable[str]) -> dict[str, str]:
    """Member ref → account ref, for those who can sign in."""
    return dict(Account.objects.filter(member_ref__in=set(members)).values_list("member_ref", "ref"))


def member_called(text: str) -> Member:
    """The one person of the roster with this name or telephone number.

    Errors: refuses `not-on-the-roster`, `several-on-the-roster`. One query.
    """
    asked = text.strip()[:60]
    try:
        found = Member.objects.filter(phone_hash=Sealer().phone_hash(parse_one_phone(asked)))
    except Unreadable:
        found = Member.objects.filter(name=asked)
    rows = list(found.order_by("id")[:20]) if asked else []
    if not rows:
        raise NOT_ON_THE_ROSTER.because(text=asked)
    if len(rows) > 1:
        raise SEVERAL_ON_THE_ROSTER.because(n=len(rows), text=asked)
    return rows[0]


def members_by_phone(numbers: Iterable[str]) -> dict[str, str]:
    """Number as typed → member ref, for those on the roster. One query for each thousand."""
    sealer = Sealer()
    hashes: dict[str, str] = {}
    for number in set(numbers):
        with suppress(Unreadable):
            hashes[number] = sealer.phone_hash(parse_one_phone(number))
    refs: dict[str, str] = {}
    wanted = sorted(set(hashes.values()))
    for start in range(0, len(wanted), 1000):
        some = Member.objects.filter(phone_hash__in=wanted[start:start + 1000])
        refs.update(some.values_list("phone_hash", "ref"))
    return {number: refs[key] for number, key in hashes.items() if key in refs}


def _climb(post: Post, units: dict[int, Unit], leaders: dict[int, Post]) -> Post | None:
    own = units[post.unit_id]
    key: int | None = own.parent_id if post.leads_unit else own.id
    while key is not None:
        leader = leaders.get(key)
        if leader is not None and (leader.holder_id is not None or units[key].parent_id is None):
            return leader
        key = units[key].parent_id
    return None


def _posts_of_duty(duty: str, response: str) -> list[Post]:
    return list(open_posts(response).filter(duty=duty).select_related("unit"))


def _by_area(posts: Sequence[Post]) -> dict[str, list[int]]:
    held = [post.id for post in posts if post.holder_id is not None]
    by_area: dict[str, list[int]] = defaultdict(list)
    rows = PostArea.objects.filter(post_id__in=held).order_by("post_id").values_list("area__path", "post_id")
    for path, post in rows:
        by_area[path].append(post)
    return by_area


def _nearest(path: str, turn: int, by_area: dict[str, list[int]]) -> int | None:
    for ancestor in _upward(path):
        if posts := by_area.get(ancestor):
            return posts[turn % len(posts)]
    return None


def _upward(path: str) -> Iterator[str]:
    """`/HT/HT-03/` gives itself, then `/HT/`."""
    while path.strip("/"):
        yield path
        path = path.rstrip("/").rsplit("/", 1)[0] + "/"


def _fallback(posts: Sequence[Post], response: str) -> int:
    """The held leader of the duty's unit or of a unit above it, else whoever leads headquarters."""
    for above in steps_up(posts[:1]).values():
        if above is not None:
            return above.id
    top = headquarters_post(response)
    if top is None:
        raise LookupError(f"{response} has no headquarters post")
    return top.id


def _heads(services: Services) -> dict[int, int]:
    """Distinct members per post."""
    people: dict[int, set[int]] = defaultdict(set)
    for post, member in services.values_list("post_id", "member_id"):
        people[post].add(member)
    return defaultdict(int, {post: len(members) for post, members in people.items()})
