"""Writes of units: form and dissolve, open posts, fill them from the roster, change who holds them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.units import queries
from firebreak.engine.units.events import (
    DeputyNamed,
    DeputyStoodIn,
    HolderChanged,
    PostsFilled,
    PostsOpened,
    ServiceBegun,
    ServiceEnded,
    UnitsDissolved,
    UnitsFormed,
)
from firebreak.engine.units.models import Member, Post, PostArea, Service, Unit
from firebreak.engine.units.refusals import (
    ALREADY_HOLDER,
    HOLDER_IS_NO_DEPUTY,
    POST_CLOSED,
    REASON_MISSING,
    UNKNOWN_AREAS,
    UNKNOWN_UNIT,
    UNLED_UNITS,
    WOULD_BE_UNLED,
)
from firebreak.engine.units.rights import WRITE_UNITS
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to form. `parent` is the key of a unit of the same response; empty for headquarters."""

    key: str
    parent: str
    kind: str
    name: T
    charter: T


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to open. `unit` is a unit key, `areas` are area codes, `required` counts its holder too."""

    code: str
    unit: str
    duty: str
    name: T
    areas: tuple[str, ...]
    leads_unit: bool
    step_up_minutes: int
    required: int


@action
def form_units(*, response: Ref, units: Sequence[NewUnit], by: Actor, at: datetime) -> dict[str, str]:
    """Form units, parents before children; answers key → ref.

    Who: headquarters.   Refuses: unknown-unit (a parent nobody has).
    Journals: UnitsFormed.   Promises: all of them or none.
    """
    by.require(WRITE_UNITS)
    act = current_act()
    known = {unit.key: unit for unit in Unit.objects.filter(response_ref=response)}
    for ref, new in zip(new_refs("unit", len(units)), units, strict=True):
        if new.parent and new.parent not in known:
            raise UNKNOWN_UNIT.because(unit=new.parent)
        parent = known.get(new.parent)
        above = f"/{response.split(':', 1)[-1]}/" if parent is None else parent.path
        known[new.key] = Unit.objects.create(
            ref=ref, key=new.key, kind=new.kind, parent=parent, path=f"{above}{new.key}/", response_ref=response,
            name_zh=new.name.zh, name_en=new.name.en, charter_zh=new.charter.zh, charter_en=new.charter.en,
            formed_at=at, act=act,
        )
    record(UnitsFormed(dict(Counter(unit.kind for unit in units))), about=response)
    return {new.key: known[new.key].ref for new in units}


@action
def open_posts(*, response: Ref, posts: Sequence[NewPost], by: Actor, at: datetime) -> dict[str, str]:
    """Open posts in standing units; answers code → ref.

    Who: headquarters.   Refuses: unknown-unit, unknown-areas, unit-without-leader-post.
    Journals: PostsOpened.   Promises: afterwards every unit of the response has exactly one leader post.
    """
    by.require(WRITE_UNITS)
    act = current_act()
    units = {unit.key: unit for unit in queries.standing_units(response)}
    for post in posts:
        if post.unit not in units:
            raise UNKNOWN_UNIT.because(unit=post.unit)
    refs = new_refs("post", len(posts))
    rows = Post.objects.bulk_create(
        Post(
            ref=ref, code=new.code, unit=units[new.unit], duty=new.duty, name_zh=new.name.zh, name_en=new.name.en,
            leads_unit=new.leads_unit, step_up_minutes=new.step_up_minutes, required=new.required,
            opened_at=at, act=act,
        )
        for ref, new in zip(refs, posts, strict=True)
    )
    _place(rows, posts)
    _check_leaders(response)
    record(PostsOpened(len(posts), sum(post.required for post in posts)), about=response)
    return {row.code: row.ref for row in rows}


@action
def fill_posts_from_roster(*, response: Ref, by: Actor, at: datetime) -> dict[str, int]:
    """Put everybody into service where the roster says they belong; what nobody is named for stays unfilled.

    Who: headquarters.   Refuses: nothing.
    Journals: PostsFilled.   Promises: safe to repeat; a post keeps the holder it has. 4 queries and 3 writes.
    """
    by.require(WRITE_UNITS)
    act = current_act()
    posts = {post.code: post for post in queries.open_posts(response)}
    serving = set(
        Service.objects.filter(post__in=posts.values(), ends_at=None).values_list("member_id", "post_id")
    )
    services: list[Service] = []
    led: list[Post] = []
    for member in Member.objects.filter(roster_post__in=list(posts)).order_by("roster_role", "id"):
        post = posts[member.roster_post]
        if (member.id, post.id) in serving:
            continue
        leads = member.roster_role == Service.Role.HOLDER and post.holder_id is None
        if leads:
            post.holder = member
            led.append(post)
        role = Service.Role.HOLDER if leads else Service.Role.MEMBER
        services.append(Service(member=member, post=post, role=role, begins_at=at, act=act))
    Service.objects.bulk_create(services, batch_size=500)
    Post.objects.bulk_update(led, ["holder"], batch_size=100)
    filled = PostsFilled(len(led), len(services), sum(not slot.filled for slot in queries.slots(response)))
    record(filled, about=response)
    return {"holders": filled.holders, "members": filled.members, "unfilled": filled.unfilled}


@action
def change_holder(*, post: Ref, member: Ref | None, reason: str, by: Actor, at: datetime) -> Ref:
    """Let somebody else (or, for now, nobody) answer for a post; the one before leaves it.

    Who: headquarters, the leader above.
    Refuses: post-closed, already-holder, reason-missing, not-found, unit-would-be-unled (nobody, without a deputy).
    Journals: HolderChanged, or DeputyStoodIn.
    Promises: the time of both stays in the record; tasks stay with the post; with nobody named its deputy holds it.
    """
    row = _open_post(post)
    by.require(WRITE_UNITS, unit=row.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    after = None if member is None else _member(member)
    if after == row.holder:
        raise ALREADY_HOLDER.because()
    if after is None:
        _end(_running(row).filter(role=Service.Role.HOLDER), reason, at)
        _leave_to_deputy(row, reason, at)
        return Ref(row.ref)
    _end(_running(row).filter(role=Service.Role.HOLDER), reason, at)
    before, row.holder = row.holder, after
    row.save(update_fields=["holder"])
    _end(_running(row).filter(member=after), reason, at)
    Service.objects.create(member=after, post=row, role=Service.Role.HOLDER, begins_at=at, act=current_act())
    record(HolderChanged("" if before is None else before.ref, after.ref, reason), about=row.ref)
    return Ref(row.ref)


@action
def name_deputy(*, post: Ref, member: Ref | None, reason: str, by: Actor, at: datetime) -> Ref:
    """Let somebody stand ready to hold a post when its holder leaves; None: nobody any more.

    Who: headquarters, the unit's leader.
    Refuses: post-closed, reason-missing, not-found, holder-is-no-deputy, already-holder (is the deputy).
    Journals: DeputyNamed.   Promises: one deputy at a time, serving at the post from this moment on.
    """
    row = _open_post(post)
    by.require(WRITE_UNITS, unit=row.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    after = None if member is None else _member(member)
    if after is not None and after == row.holder:
        raise HOLDER_IS_NO_DEPUTY.because()
    before = _deputy_of(row)
    if before == after:
        raise ALREADY_HOLDER.because()
    _end(_running(row).filter(role=Service.Role.DEPUTY), reason, at)
    if after is not None:
        _end(_running(row).filter(member=after), reason, at)
        Service.objects.create(member=after, post=row, role=Service.Role.DEPUTY, begins_at=at, act=current_act())
    record(DeputyNamed("" if before is None else before.ref, "" if after is None else after.ref), about=row.ref)
    return Ref(row.ref)


@action
def begin_service(*, post: Ref, member: Ref, by: Actor, at: datetime) -> Ref:
    """Send one more person to a post.

    Who: headquarters, the unit's leader.   Refuses: post-closed, already-holder (serves there already).
    Journals: ServiceBegun.   Promises: counted from this moment on.
    """
    row, person = _open_post(post), _member(member)
    by.require(WRITE_UNITS, unit=row.unit.path)
    if Service.objects.filter(post=row, member=person, ends_at=None).exists():
        raise ALREADY_HOLDER.because()
    Service.objects.create(member=person, post=row, begins_at=at, act=current_act())
    record(ServiceBegun(person.ref), about=row.ref)
    return Ref(row.ref)


@action
def end_service(*, post: Ref, member: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """Take a person off a post; a holder leaves it to the deputy, and without one it shows red.

    Who: headquarters, the unit's leader.
    Refuses: not-found, reason-missing, unit-would-be-unled (the holder of a leader post without a deputy).
    Journals: ServiceEnded, and DeputyStoodIn.   Promises: the time served stays in the record.
    """
    row, person = _open_post(post), _member(member)
    by.require(WRITE_UNITS, unit=row.unit.path)
    if not reason.strip():
        raise REASON_MISSING.because()
    if not _end(Service.objects.filter(post=row, member=person, ends_at=None), reason, at):
        raise NOT_FOUND.because()
    record(ServiceEnded(person.ref, reason), about=row.ref)
    if row.holder_id == person.id:
        _leave_to_deputy(row, reason, at)
    return Ref(row.ref)


@action
def dissolve_units(*, response: Ref, reason: str, by: Actor, at: datetime) -> dict[str, int]:
    """End every unit of a response with its posts and services.

    Who: headquarters.   Refuses: reason-missing.
    Journals: UnitsDissolved.   Promises: nothing is deleted; whoever opened tasks for the posts ends them first.
    """
    by.require(WRITE_UNITS)
    if not reason.strip():
        raise REASON_MISSING.because()
    act = current_act()
    services = _end(Service.objects.filter(post__unit__response_ref=response, ends_at=None), reason, at)
    posts = queries.open_posts(response).update(closed_at=at, end_act=act, holder=None)
    units = queries.standing_units(response).update(dissolved_at=at, end_act=act)
    record(UnitsDissolved(units, posts, services, reason), about=response)
    return {"units": units, "posts": posts, "services": services}


def _place(rows: Sequence[Post], posts: Sequence[NewPost]) -> None:
    """Tie new posts to their areas."""
    codes = {code for post in posts for code in post.areas}
    keys = dict(Area.objects.filter(code__in=codes).values_list("code", "id"))
    if missing := sorted(codes - keys.keys()):
        raise UNKNOWN_AREAS.because(codes="、".join(missing[:10]))
    PostArea.objects.bulk_create(
        (PostArea(post=row, area_id=keys[code]) for row, new in zip(rows, posts, strict=True) for code in new.areas),
        batch_size=500,
    )


def _check_leaders(response: Ref) -> None:
    led = Counter(queries.open_posts(response).filter(leads_unit=True).values_list("unit_id", flat=True))
    unled = [unit.key for unit in queries.standing_units(response) if led[unit.id] != 1]
    if unled:
        raise UNLED_UNITS.because(n=len(unled), units=_some(unled))


def _some(keys: Iterable[str]) -> str:
    return "、".join(list(keys)[:10])


def _end(services: "queries.Services", reason: str, at: datetime) -> int:
    return services.update(ends_at=at, end_reason=reason, end_act=current_act())


def _running(post: Post) -> "queries.Services":
    return Service.objects.filter(post=post, ends_at=None)


def _deputy_of(post: Post) -> Member | None:
    service = _running(post).filter(role=Service.Role.DEPUTY).select_related("member").first()
    return None if service is None else service.member


def _leave_to_deputy(row: Post, reason: str, at: datetime) -> None:
    """The holder is gone: the deputy holds the post. Errors: refuses `unit-would-be-unled`."""
    before, after = row.holder, _deputy_of(row)
    if after is None and row.leads_unit:
        raise WOULD_BE_UNLED.because(unit=T(row.unit.name_zh, row.unit.name_en))
    row.holder = after
    row.save(update_fields=["holder"])
    gone = "" if before is None else before.ref
    if after is None:
        record(HolderChanged(gone, "", reason), about=row.ref)
        return
    _end(_running(row).filter(member=after), reason, at)
    Service.objects.create(member=after, post=row, role=Service.Role.HOLDER, begins_at=at, act=current_act())
    record(DeputyStoodIn(gone, after.ref, reason), about=row.ref)


def _open_post(post: Ref) -> Post:
    row = Post.objects.select_for_update(of=("self",)).select_related("unit", "holder").filter(ref=post).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.closed_at is not None:
        raise POST_CLOSED.because()
    return row


def _member(member: Ref) -> Member:
    row = Member.objects.filter(ref=member).first()
    if row is None:
        raise NOT_FOUND.because()
    return row
