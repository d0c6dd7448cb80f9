"""The hand-over page: pack tubes into a bag, give bags to whoever's card is scanned; two numbers, both names, no network."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firebreak.engine.units import badges
from firebreak.kernel import clock
from firebreak.kernel.clock import iso
from firebreak.kernel.text import language
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.custody import IN_HANDS, holder_of
from firebreak.operations.laboratory.models import Specimen
from firebreak.operations.laboratory.rights import CARRY_SPECIMENS
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.qr import with_code_reader
from firebreak.surfaces.field.views import open_round


@needs(CARRY_SPECIMENS)
def handover(request: HttpRequest) -> HttpResponse:
    """What the reader holds, and the keys by which a phone tells true cards; four queries, then only sync."""
    now, running = clock.now(), open_round()
    mine = Specimen.objects.filter(holder=holder_of(actor(request)), stage__in=IN_HANDS).order_by("code")
    facts = {
        "round": running.ref if running else "", "language": language(), "zone": settings.TIME_ZONE, "asOf": iso(now),
        "held": [
            {"code": code, "bag": bag or "", "round": of}
            for code, bag, of in mine.values_list("code", "bag__code", "round__ref")
        ],
        "badges": {"key": badges.signer().public_key(), "withdrawn": badges.withdrawn(now)},
        "counters": {"key": cards.signer().public_key(), "withdrawn": []},
    }
    return with_code_reader(render(request, "field/handover.html", {"facts": facts, "round": running}))
