"""Finding orders by number, document number or words of the title."""

from django.db.models import Q
from django.urls import reverse

from firebreak.command.headquarters import queries
from firebreak.command.headquarters.rights import READ_ORDERS
from firebreak.command.headquarters.states import STANDING_WORDS
from firebreak.engine.access.actors import AccountActor
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.surfaces.console.finding import AT_MOST, Finder, Hit, register_finder


def _orders(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    wanted = Q(document_number__icontains=text) | Q(title_zh__icontains=text) | Q(title_en__icontains=text)
    kept = list(queries.orders().filter(wanted)[: AT_MOST + 1])
    hits = [
        Hit(
            T(f"{row.document_number} {row.title_zh}", f"{row.document_number} {row.title_en}"),
            reverse("order", args=[token_of(row.ref)]),
            T(
                f"{row.unit.name_zh} · {STANDING_WORDS[queries.standing(row)].zh}",
                f"{row.unit.name_en} · {STANDING_WORDS[queries.standing(row)].en}",
            ),
        )
        for row in kept[:AT_MOST]
    ]
    return hits, len(kept) > AT_MOST


register_finder(Finder("orders", T("指令", "Orders"), READ_ORDERS, _orders, order=40))
