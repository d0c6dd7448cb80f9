"""What the public may read, built from what is counted anyway. The list is closed: what is not here is not published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from firebreak.command.activation.models import Response
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.publishing.smallness import Count, together
from firebreak.command.reports.plan import ReportsSection
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.kernel.clock import iso
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.models import Round, Site
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection

Said = Mapping[str, Any]  # Any: JSON
OTHERS = T("其他社区合计", "other communities together")


def content_of(response: Response, at: datetime) -> dict[str, Any]:
    """The content at a moment, in both languages. Eight queries."""
    pack = adopted(response.plan.ref)
    few = pack.section(ReportsSection).daily.cells_below_people.value
    levels = {level.key: level.name for level in pack.section(ActivationSection).levels}
    section = pack.section(ZonesSection)
    notice = section.notice
    return {
        "name": said(T(response.name_zh, response.name_en)), "level": said(levels[response.level]),
        "since": iso(response.activated_at), "cutoff_at": iso(at), "few": few, "zones": _zones(response, section),
        "round": _round(response, pack, few), "sites": _sites(response),
        "help_line": notice.help_line.value if notice else "", "appeal": said(notice.appeal.value.text) if notice else None,
    }


def said(text: T) -> dict[str, str]:
    """A text as JSON."""
    return {"zh": text.zh, "en": text.en}


def hidden_in(content: Said) -> int:
    """How many counts were too small to be shown."""
    counted = content["round"]
    return 0 if counted is None else sum(counted[key] is None for key in ("owed", "done", "left"))


def _zones(response: Response, section: ZonesSection) -> list[dict[str, Any]]:
    """Zones in force, the strictest first: no count of people, who are on the door notices already."""
    rows = Zone.objects.filter(response_ref=response.ref, status=Zone.Status.IN_FORCE).order_by("id")
    tiers = {tier.key: tier for tier in section.tiers}
    return [
        {
            "name": said(T(row.name_zh, row.name_en or row.name_zh)), "tier": row.tier, "tier_name": said(tiers[row.tier].name),
            "rule": said(tiers[row.tier].rule.value.text), "since": iso(row.effective_at), "document": row.document_number,
        }
        for row in sorted(rows, key=lambda row: (-tiers[row.tier].rank, row.pk)) if row.tier in tiers
    ]


def _round(response: Response, pack: Pack, few: int) -> dict[str, Any] | None:
    row = boards.running_round()
    if row is None or row.response_ref != response.ref:
        return None
    whole = boards.standing(row)
    total = Count((), whole.owed, whole.open)
    names = {one.code: one.name for one in boards.board(row, row.area)}
    places = together(
        [Count((one.code,), one.standing.owed, one.standing.open) for one in boards.board(row, row.area)], few
    )
    shown = not total.small(few)
    return {
        "number": row.number, "due_at": iso(row.due_at), "closed": row.status == Round.Status.CLOSED,
        "owed": None if 0 < total.owed < few else total.owed, "done": total.done if shown else None,
        "left": total.left if shown else None,
        "places": [
            {
                "name": said(names[one.codes[0]] if len(one.codes) == 1 else OTHERS), "owed": one.owed, "done": one.done,
                "left": one.left,
            }
            for one in (places if shown else [])
        ],
    }


def _sites(response: Response) -> list[dict[str, str]]:
    rows = Site.objects.filter(benches__gt=0, area__path__startswith=response.area.path).order_by("id")
    return [said(T(zh, en or zh)) for zh, en in rows.values_list("name_zh", "name_en")]
