"""Writes of consultations: called, opened with a frozen picture, decided item by item, closed into the next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response, order_terms
from firebreak.command.consultations import queries, rules
from firebreak.command.consultations.events import (
    AttendanceNoted,
    ConsultationCalled,
    ConsultationClosed,
    ConsultationOpened,
    ItemRaised,
    ResolutionTaken,
)
from firebreak.command.consultations.models import Attendance, Consultation, Item, Resolution
from firebreak.command.consultations.refusals import (
    ALREADY_OPEN,
    ANOTHER_OPEN,
    BEGINS_IN_THE_PAST,
    CARRIED_ALREADY,
    ENDED,
    MEASURE_INCOMPLETE,
    NO_HEADQUARTERS,
    NOBODY_PRESENT,
    NOT_OPEN,
    NOTHING_CHANGES,
    WORDS_MISSING,
)
from firebreak.command.consultations.rights import HOLD_CONSULTATION, RAISE_ITEM
from firebreak.command.consultations.rules import Picture, Topic
from firebreak.command.headquarters import queries as orders
from firebreak.command.headquarters.actions import issue_order
from firebreak.command.headquarters.plan import HeadquartersSection, Meeting
from firebreak.engine.approvals.queries import waiting
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks import actions as tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import headquarters_post, open_posts
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref, new_ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

RHYTHM = SystemActor("rhythm", frozenset({HOLD_CONSULTATION}))
LEFT_OVER = "left over at the end"
INVITED = ("headquarters", "task_force")
_INVITED = T(
    "{title}{at}开始,请到指挥部会商,半小时前把本组进度报齐。",
    "{title} begins {at}: come to headquarters, with your state reported half an hour before.",
)


@action
def call_consultation(
    *, response: Ref, title: T, begins_at: datetime, minutes: int, by: Actor, at: datetime, key: str = ""
) -> Ref:
    """Call headquarters together for a moment; it may begin at once.

    Who: commander, deputy, duty officer; the program at the fixed hours of the plan.
    Refuses: words-missing, begins-in-the-past, no-headquarters, not-permitted.
    Journals: ConsultationCalled.   Promises: it has an owner and an end; every leader is told.
    """
    by.require(HOLD_CONSULTATION)
    chair = headquarters_post(response)
    if chair is None:
        raise NO_HEADQUARTERS.because()
    if not title.zh.strip():
        raise WORDS_MISSING.because()
    if begins_at < at or minutes < 1:
        raise BEGINS_IN_THE_PAST.because()
    ref, number = new_ref("consultation"), _next_number(response)
    due_at = begins_at + timedelta(minutes=minutes)
    (task,) = tasks.open_tasks(
        specs=[tasks.TaskSpec(queries.KIND, ref, response, title, chair.id, due_at)], by=by, at=at
    )
    Consultation.objects.create(
        ref=ref, response_ref=response, number=number, key=key, title_zh=title.zh, title_en=title.en,
        begins_at=begins_at, task_id=task, called_by=by.ref, act=current_act(),
    )
    _invite(response, ref, title, begins_at, by, at)
    record(ConsultationCalled(number, begins_at), about=ref)
    return ref


@action
def raise_item(*, consultation: Ref, title: str, by: Actor, at: datetime) -> Ref:
    """Put something on the table of a consultation to come or in session.

    Who: command and task-force leaders.   Refuses: words-missing, consultation-ended, not-permitted, not-found.
    Journals: ItemRaised.
    """
    by.require(RAISE_ITEM)
    row = _live(consultation)
    if not title.strip():
        raise WORDS_MISSING.because()
    words = title.strip()[:300]
    (item,) = _lay(row, [Topic(Item.Origin.RAISED, "", T(words, words))], by, at)
    record(ItemRaised(row.number, item.number), about=row.ref)
    return Ref(item.ref)


def open_consultation(*, consultation: Ref, by: Actor, at: datetime) -> Ref:
    """Begin: take the picture of every book, then freeze it and lay the table from it.

    Not itself an action: on SQLite an action holds the one writer, and adding up a district takes seconds.
    """
    by.require(HOLD_CONSULTATION)
    return freeze(consultation=consultation, picture=queries.take_picture(at), by=by, at=at)


@action
def freeze(*, consultation: Ref, picture: Picture, by: Actor, at: datetime) -> Ref:
    """Begin with a picture taken a moment ago.

    Who: commander, deputy, duty officer.
    Refuses: consultation-already-open, another-consultation-open, consultation-ended, not-permitted, not-found.
    Journals: ConsultationOpened.   Promises: the picture never changes; what is off, late or waiting is on the table.
    """
    by.require(HOLD_CONSULTATION)
    row = _live(consultation)
    if row.opened_at is not None:
        raise ALREADY_OPEN.because()
    other = queries.in_session(row.response_ref)
    if other is not None:
        raise ANOTHER_OPEN.because(number=other.number)
    row.opened_at, row.picture = at, picture.as_json()
    row.save(update_fields=["opened_at", "picture"])
    pending = [(one.ref, T(one.title_zh, one.title_en)) for one in waiting()]
    known = set(row.items.exclude(about="").values_list("about", flat=True))
    _lay(row, [topic for topic in rules.table(picture, pending) if topic.about not in known], by, at)
    balanced = not any(book.off for book in picture.books)
    record(ConsultationOpened(row.number, row.items.count(), balanced), about=row.ref)
    return Ref(row.ref)


@action
def note_attendance(*, consultation: Ref, posts: Sequence[Ref], by: Actor, at: datetime) -> int:
    """Write down who is at the table; how many are new.

    Who: commander, deputy, duty officer.   Refuses: nobody-present, consultation-not-open, not-permitted.
    Journals: AttendanceNoted.   Promises: a post sits once, by whoever holds it now.
    """
    by.require(HOLD_CONSULTATION)
    row = _in_session(consultation)
    here = set(Attendance.objects.filter(consultation=row).values_list("post_id", flat=True))
    held = open_posts(row.response_ref).filter(ref__in=posts, holder__isnull=False).select_related("holder")
    new = [post for post in held if post.id not in here]
    if not new:
        raise NOBODY_PRESENT.because()
    Attendance.objects.bulk_create([
        Attendance(
            consultation=row, post=post, member_ref=post.holder.ref if post.holder else "", happened_at=at,
            act=current_act(),
        )
        for post in new
    ])
    record(AttendanceNoted(row.number, len(new)), about=row.ref)
    return len(new)


@action
def decide_order(
    *, item: Ref, unit: Ref, text: str, due_at: datetime, by: Actor, at: datetime, kind: str = "directive"
) -> Ref:
    """Decide that a unit does something by a deadline: the order leaves in the same act.

    Who: whoever chairs and may issue orders to that unit.
    Refuses: as `issue_order`; consultation-not-open, item-carried, words-missing.
    Journals: ResolutionTaken (and OrderIssued).   Promises: no order without its item, no decision without its order.
    """
    by.require(HOLD_CONSULTATION)
    row = _open_item(item)
    response = _response(row.consultation)
    words = text.strip()[:200]
    if not words:
        raise WORDS_MISSING.because()
    hours = adopted(response.plan.ref).section(HeadquartersSection).order_kind(kind).review_after_hours.value
    review = (at + timedelta(hours=hours)).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    ref = issue_order(
        response=Ref(response.ref), unit=unit, title=T(words, words), text=T(text.strip(), text.strip()), due_at=due_at,
        legal_basis=response.legal_basis, review_on=review, terms=order_terms(response, kind), by=by, at=at,
    )
    _decide(row, Resolution.Kind.ORDER, words, by, at, order=ref)
    return ref


@action
def decide_measure(
    *, item: Ref, measure: str, was: str, becomes: str, reason: str, effective_at: datetime, by: Actor, at: datetime
) -> Ref:
    """Decide that a measure changes from a moment on.

    Who: whoever chairs.   Refuses: measure-incomplete, nothing-changes, consultation-not-open, item-carried.
    Journals: ResolutionTaken.   Promises: old value, new value, reason and effective time are kept together.
    """
    by.require(HOLD_CONSULTATION)
    row = _open_item(item)
    said = [one.strip() for one in (measure, was, becomes, reason)]
    if not all(said):
        raise MEASURE_INCOMPLETE.because()
    if said[1] == said[2]:
        raise NOTHING_CHANGES.because()
    _decide(
        row, Resolution.Kind.MEASURE, said[0], by, at, was=said[1], becomes=said[2], reason=said[3],
        effective_at=effective_at,
    )
    return item


@action
def note_item(*, item: Ref, text: str, by: Actor, at: datetime) -> Ref:
    """Write down that an item was talked about and nothing follows.

    Who: whoever chairs.   Refuses: words-missing, consultation-not-open, item-carried.   Journals: ResolutionTaken.
    """
    by.require(HOLD_CONSULTATION)
    row = _open_item(item)
    if not text.strip():
        raise WORDS_MISSING.because()
    _decide(row, Resolution.Kind.NOTE, text.strip(), by, at)
    return item


@action
def close_consultation(*, consultation: Ref, by: Actor, at: datetime) -> Ref:
    """End it. What was not decided lies on the table of the next one, which is called when none is.

    Who: commander, deputy, duty officer.   Refuses: consultation-not-open, not-permitted, not-found.
    Journals: ConsultationClosed.   Promises: no item is left without a table; answers the next one's ref or "".
    """
    by.require(HOLD_CONSULTATION)
    row = _in_session(consultation)
    on_table = queries.on_the_table(row)
    left = [one.item for one in on_table if not one.settled]
    following = _next_table(row, by, at) if left else None
    if following is not None:
        for item in left:
            _decide(item, Resolution.Kind.CARRIED, LEFT_OVER, by, at)
        _carry(following, left, by, at)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    tasks.end_tasks(ids=[row.task_id], outcome=Task.Outcome.DONE, reason="", by=by, at=at)
    following_ref = Ref(following.ref if following else "")
    record(ConsultationClosed(row.number, len(on_table) - len(left), len(left), following_ref), about=row.ref)
    return following_ref


def call_due(now: datetime) -> int:
    """Call what the rhythm of the plan asks for soon, as many minutes ahead as the plan says; how many."""
    response = active_response()
    if response is None:
        return 0
    meeting, begins_at = queries.next_fixed(response, now)
    if begins_at - now > timedelta(minutes=meeting.remind_minutes.value) or _called(response, meeting, begins_at):
        return 0
    _call_fixed(response, meeting, begins_at, RHYTHM, now)
    return 1


def _called(response: Response, meeting: Meeting, begins_at: datetime) -> bool:
    return Consultation.objects.filter(response_ref=response.ref, key=meeting.key, begins_at=begins_at).exists()


def _call_fixed(response: Response, meeting: Meeting, begins_at: datetime, by: Actor, at: datetime) -> Ref:
    return call_consultation(
        response=Ref(response.ref), title=meeting.name, begins_at=begins_at, minutes=meeting.duration_minutes.value,
        key=meeting.key, by=by, at=at,
    )


def _next_table(row: Consultation, by: Actor, at: datetime) -> Consultation:
    """The next one called, else the next fixed hour, called now."""
    waits = queries.coming(row.response_ref).first()
    if waits is not None:
        return waits
    response = _response(row)
    return queries.find(_call_fixed(response, *queries.next_fixed(response, at), by, at))


def _carry(following: Consultation, left: Sequence[Item], by: Actor, at: datetime) -> None:
    topics = [Topic(Item.Origin.CARRIED, item.about or item.ref, T(item.title_zh, item.title_en)) for item in left]
    _lay(following, topics, by, at, left)


def _lay(
    row: Consultation, topics: Sequence[Topic], by: Actor, at: datetime, carried: Sequence[Item | None] = ()
) -> list[Item]:
    """Lay topics on a table, after what lies there; `carried` names the item that each one continues."""
    last = row.items.aggregate(last=Max("number"))["last"] or 0
    earlier = carried or [None] * len(topics)
    return Item.objects.bulk_create([
        Item(
            ref=ref, consultation=row, number=number, origin=topic.origin, about=topic.about,
            title_zh=topic.title.zh[:300], title_en=topic.title.en[:300], raised_by=by.ref, carried_from=item,
            happened_at=at, act=current_act(),
        )
        for number, (ref, topic, item) in enumerate(
            zip(new_refs("item", len(topics)), topics, earlier, strict=True), start=last + 1
        )
    ])


def _decide(row: Item, kind: str, text: str, by: Actor, at: datetime, order: str = "", **said: object) -> None:
    Resolution.objects.create(
        item=row, kind=kind, text=text[:400], order=orders.find(order) if order else None, by=by.ref, happened_at=at,
        act=current_act(), **said,
    )
    record(ResolutionTaken(row.consultation.number, row.number, kind, order), about=row.consultation.ref)


def _invite(response: Ref, ref: Ref, title: T, begins_at: datetime, by: Actor, at: datetime) -> None:
    leaders = open_posts(response).filter(leads_unit=True, holder__isnull=False, unit__kind__in=INVITED)
    to = [
        Recipient.of(post.holder)
        for post in leaders.select_related("holder") if post.holder
    ]
    text = _INVITED.filled(title=title, at=orders.local(begins_at))
    messages.queue(to=to, template="consultation", text=text, about=ref, by=by, at=at)


def _next_number(response: Ref) -> int:
    return (Consultation.objects.filter(response_ref=response).aggregate(last=Max("number"))["last"] or 0) + 1


def _response(row: Consultation) -> Response:
    found = Response.objects.select_related("plan", "area").filter(ref=row.response_ref, ended_at=None).first()
    if found is None:
        raise NO_HEADQUARTERS.because()
    return found


def _live(ref: Ref) -> Consultation:
    row = Consultation.objects.select_for_update(of=("self",)).select_related("task").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.closed_at is not None or row.task.status == Task.Status.ENDED:
        raise ENDED.because()
    return row


def _in_session(ref: Ref) -> Consultation:
    row = _live(ref)
    if row.opened_at is None:
        raise NOT_OPEN.because()
    return row


def _open_item(ref: Ref) -> Item:
    row = Item.objects.select_related("consultation").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.resolutions.filter(kind=Resolution.Kind.CARRIED).exists():
        raise CARRIED_ALREADY.because(number=row.number)
    row.consultation = _in_session(Ref(row.consultation.ref))
    return row
