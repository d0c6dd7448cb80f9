"""What a person's page says of the rounds: one line per round, its end or what is still owed."""

from typing import Any

from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.registry.persons import PersonView
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Entry
from firebreak.operations.rounds.rights import READ_ROUNDS
from firebreak.operations.rounds.rules import read_terms
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Mark, Row
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.people.panels import PersonPanel, register_person_panel
from firebreak.surfaces.console.rounds.scenes import short_title
from firebreak.surfaces.console.rounds.wording import ORIGINS

LATEST = 20


def rounds_of(view: PersonView, who: AccountActor) -> dict[str, Any] | None:
    """The person's entries, newest round first; nothing when the person stood in none. One query."""
    entries = (
        Entry.objects.filter(person__ref=view.ref).select_related("round", "building").order_by("-round_id")[:LATEST]
    )
    rows = tuple(
        Row(
            (
                Cell(short_title(entry.round)),
                Mark(entry.state, word=_word(entry)),
                ORIGINS[entry.origin],
                entry.building.name_zh,
                entry.revisit_at,
            ),
            href=reverse("round-person", args=[token_of(entry.round.ref), token_of(view.ref)]),
        )
        for entry in entries
        if who.may(READ_ROUNDS, area=entry.building.path)
    )
    columns = tuple(Column(title) for title in (
        T("轮次", "Round"), T("情况", "State"), T("名单", "List"), T("楼栋", "Building"), T("再访", "Revisit"),
    ))
    return {"listing": Listing(T("在各轮次里", "In the rounds"), columns, rows)} if rows else None


def _word(entry: Entry) -> Words:
    return read_terms(entry.round.terms).words[entry.state]


register_person_panel(PersonPanel("rounds", READ_ROUNDS, "console/rounds/person_panel.html", rounds_of, order=20))
