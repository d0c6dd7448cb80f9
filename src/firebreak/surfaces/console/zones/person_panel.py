"""What a person's page says of zones: under which tier they lived, from when until when."""

from typing import Any

from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import plan_at
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Person
from firebreak.engine.registry.persons import PersonView
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.operations.zones.history import Spell, spells_of
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.rights import READ_ZONES
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Mark, Row
from firebreak.surfaces.console.people.panels import PersonPanel, register_person_panel

LATEST = 20
NOW = T("至今", "until now")


def zones_of(view: PersonView, who: AccountActor) -> dict[str, Any] | None:
    """The person's spells, the latest first; nothing when no zone ever held them. Five queries, one for each plan more."""
    key = Person.objects.values_list("pk", flat=True).get(ref=view.ref)
    spells = spells_of(key)
    places = Area.objects.in_bulk({spell.building for spell in spells})
    seen = [spell for spell in spells if who.may(READ_ZONES, area=places[spell.building].path)][:LATEST]
    refs = {spell.zone.response_ref for spell in seen}
    responses = {row.ref: row for row in Response.objects.select_related("plan").filter(ref__in=refs)}
    rows = tuple(
        Row(
            (
                _mark(spell, responses.get(spell.zone.response_ref)),
                Cell(T(spell.zone.name_zh, spell.zone.name_en or spell.zone.name_zh)),
                T(places[spell.building].name_zh, places[spell.building].name_en or places[spell.building].name_zh),
                spell.begins_at, spell.ends_at or Cell(NOW),
            ),
            href=reverse("zone", args=[token_of(spell.zone.ref)]),
        )
        for spell in seen
    )
    columns = tuple(Column(title) for title in (
        T("等级", "Tier"), T("分区", "Zone"), T("楼栋", "Building"), T("自", "From"), T("至", "Until"),
    ))
    return {"listing": Listing(T("住在哪一级分区里", "Under which tier"), columns, rows)} if rows else None


def _mark(spell: Spell, response: Response | None) -> Mark:
    """The tier in the words of the plan that held when the spell began."""
    if response is None:
        return Mark(spell.tier)
    tiers = {tier.key: tier for tier in adopted(plan_at(response, spell.begins_at).ref).section(ZonesSection).tiers}
    tier = tiers.get(spell.tier)
    return Mark(spell.tier) if tier is None else Mark(spell.tier, word=tier.name, letter=tier.letter.zh)


register_person_panel(PersonPanel("zones", READ_ZONES, "console/rounds/person_panel.html", zones_of, order=10))
