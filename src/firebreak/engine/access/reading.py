"""Reads of personal data as acts: which page, which fields, how many people, why; and who looked at whom.

One event per page or list, never per scan. A list about a place is journaled about that place (`area:CODE`),
so "who looked" finds it for everybody registered below; a list of people from anywhere (a search) also
leaves one `Mention` per person. No page shows personal data whose read could not be journaled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db.models import Q

from firebreak.engine.access.events import PersonalRead, PersonUnmasked
from firebreak.engine.access.models import Account, Mention
from firebreak.engine.journal.acting import action, record
from firebreak.engine.journal.models import Event
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref

Page = Literal[
    "person", "household", "find", "unmask", "roster", "missing", "tube", "round-doors", "round-person", "call-tree",
    "import-returned", "duplicates", "pool",
]
"""Every page or list that shows personal data, by the key under which its reads are journaled."""
PAGE_KEYS: tuple[str, ...] = get_args(Page)
READS = ("PersonalRead", "PersonUnmasked")


@dataclass(frozen=True, slots=True)
class Look:
    """One read that showed this person: by whom, when, on which page, which fields, and the reason."""

    at: datetime
    by: str
    by_name: str
    page: str
    fields: tuple[str, ...]
    people: int
    reason: str


@action
def note_read(
    *,
    about: str,
    page: Page,
    fields: Sequence[str],
    people: int,
    reason: str,
    by: Actor,
    at: datetime,
    mentions: Sequence[str] = (),
) -> None:
    """Journal that a page or list with personal data was shown. Call before rendering.

    `about` is a person's ref or `area:CODE`; `reason` names the live task, the shift or the purpose of the page.
    Who: anybody who was let in to the page.   Refuses: nothing.
    Journals: PersonalRead.                    Promises: it can be found from every person it showed.
    """
    event = record(PersonalRead(page, tuple(fields), people, reason), about=about)
    Mention.objects.bulk_create([Mention(about=ref, event=event) for ref in dict.fromkeys(mentions)])


@action
def note_unmasking(*, person: Ref, field: str, reason: str, by: Actor, at: datetime) -> None:
    """Journal that one field group of one person is shown in full, once.

    Who: decided by the caller, which knows the person's place.   Refuses: nothing.   Journals: PersonUnmasked.
    """
    record(PersonUnmasked(field, reason), about=person)


def looks_at(person: Ref, areas: Sequence[str], limit: int = 100) -> list[Look]:
    """Who saw this person, newest first: pages about them, lists of their places, searches that found them.

    `areas` are the codes of the person's buildings and of all above. Three queries.
    """
    about = [person, *(f"area:{code}" for code in areas)]
    mentioned = Mention.objects.filter(about=person).order_by("-event_id").values_list("event_id", flat=True)[:limit]
    events = list(
        Event.objects.filter(Q(about__in=about) | Q(pk__in=list(mentioned)), type__in=READS)
        .select_related("act").order_by("-id")[:limit]
    )
    names = dict(Account.objects.filter(ref__in={event.act.by for event in events}).values_list("ref", "name"))
    return [_look(event, names) for event in events]


def unmasked_since(by: Ref, since: datetime) -> int:
    """How many fields of people somebody opened in full since a real moment. One query."""
    return Event.objects.filter(type="PersonUnmasked", act__by=by, act__received_at__gte=since).count()


def _look(event: Event, names: dict[str, str]) -> Look:
    payload: dict[str, Any] = event.payload
    fields = (payload["field"],) if event.type == "PersonUnmasked" else tuple(payload["fields"])
    return Look(
        event.act.received_at, event.act.by, names.get(event.act.by, event.act.by),
        payload.get("page", "unmask"), fields, payload.get("people", 1), payload["reason"],
    )
