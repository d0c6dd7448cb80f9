"""The daily report: every registered figure and every ledger at one cut-off, as HTML and JSON.

Both are functions of the cut-off and the sealed head alone: no clock, no reader's language, no query that
looks past the cut-off. So the same cut-off renders again byte for byte.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import plan_at
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.reports.rules import check_balanced
from firebreak.engine.ledgers.registry import balance_all, figures
from firebreak.kernel import clock
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure as it stands in the report."""

    name: str
    title: T
    unit: T
    value: int

    @property
    def said(self) -> str:
        """The number as it is read; never by the reader's locale, so that the bytes stay the same."""
        return f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The report's bytes."""

    html: bytes
    json: bytes


def render(day: date, cutoff: Cutoff, head: str) -> Rendered:
    """The report of a day at a cut-off; `head` is the seal the cut-off stands on (hex).

    Errors: refuses `no-response`, `ledger-unbalanced`. Costs one count per figure and the balances.
    """
    response = Response.objects.filter(activated_at__lte=cutoff.at).order_by("id").select_related("area", "plan").last()
    if response is None:
        raise NO_RESPONSE.because()
    balances = balance_all(cutoff)
    check_balanced(balances)
    counted = [Counted(figure.name, figure.title, figure.unit, figure.value(cutoff)) for figure in figures()]
    return Rendered(
        html=_html(day, cutoff.at, head, response, balances, counted),
        json=_json(day, cutoff.at, head, response, balances, counted),
    )


def _html(
    day: date, at: datetime, head: str, response: Response, balances: list[Balance], counted: list[Counted]
) -> bytes:
    page = render_to_string(
        "reports/daily.html",
        {
            "day": day, "cutoff": _local(at), "head": head, "response": response,
            "balances": [(balance.title, _sides(balance)) for balance in balances],
            "figures": counted, "drill": settings.FIREBREAK_DRILL,
            "minutes": int((response.activated_at - response.signal.received_at).total_seconds() // 60),
        },
    )
    return page.encode()


def _json(
    day: date, at: datetime, head: str, response: Response, balances: list[Balance], counted: list[Counted]
) -> bytes:
    plan = plan_at(response, at)
    content = {
        "report": "daily", "day": day.isoformat(), "cutoff_at": clock.iso(at), "journal_head": head,
        "drill": settings.FIREBREAK_DRILL, "district": response.area.code, "district_zh": response.area.name_zh,
        "district_en": response.area.name_en or response.area.name_zh, "response_zh": response.name_zh,
        "response_en": response.name_en, "document_number": response.document_number, "legal_basis": response.legal_basis,
        "level": response.level, "plan": f"{plan.pack} {plan.edition}",
        "plan_sha256": plan.content_hash, "balanced": all(balance.balanced for balance in balances),
        "ledgers": [{**balance.as_json(), "zh": balance.title.zh, "en": balance.title.en} for balance in balances],
        "figures": [
            {
                "name": one.name, "zh": one.title.zh, "en": one.title.en, "value": one.value, "unit_zh": one.unit.zh,
                "unit_en": one.unit.en,
            }
            for one in counted
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sides(balance: Balance) -> list[str]:
    """The columns of a ledger's line."""
    counts = (
        balance.owed, balance.done, balance.excused, balance.open, balance.overdue, balance.unowned, balance.difference,
    )
    return [f"{count:,}" for count in counts]


def _local(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
