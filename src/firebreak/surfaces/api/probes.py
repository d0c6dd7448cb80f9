"""Two addresses for whoever watches the server: `/healthz` (it answers) and `/readyz` (its books can be trusted).

They tell no figures and no names. A balancer should watch `/healthz`: books that do not balance are for people
to look into, not a reason to stop sampling.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path

from firebreak.engine.journal import sealfile, seals
from firebreak.engine.ledgers.registry import balance_all
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.surfaces.common.gate import open_to_all

FRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Books:
    as_of: datetime
    balanced: bool
    seals_agree: bool
    counted: float


_lock = threading.Lock()
_latest: _Books | None = None


@open_to_all
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. No query."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@open_to_all
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, the ledgers balance and the seal file fits; else 503 and which of them.

    The balance is at most a minute old and says its `as_of`; counting it anew costs what an audit costs.
    """
    try:
        connection.ensure_connection()
        books = _books()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    ready = books.balanced and books.seals_agree
    answer = {
        "ready": ready,
        "database": True,
        "balanced": books.balanced,
        "seals_agree": books.seals_agree,
        "as_of": clock.iso(books.as_of),
    }
    return JsonResponse(answer, status=200 if ready else 503)


def forget() -> None:
    """Count anew at the next request."""
    global _latest
    _latest = None


def _books() -> _Books:
    """The books, counted by one thread at a time and kept for a minute."""
    global _latest
    with _lock:
        if _latest is None or time.monotonic() - _latest.counted > FRESH_SECONDS:
            as_of = clock.now()
            balanced = all(balance.balanced for balance in balance_all(Cutoff(as_of)))
            _latest = _Books(as_of, balanced, _seals_agree(), time.monotonic())
        return _latest


def _seals_agree() -> bool:
    """The file ends where the database does, or one seal later (a crash that the next seal mends)."""
    newest = seals.latest()
    try:
        line = sealfile.last(settings.DATA)
    except sealfile.NotASeal:
        return False
    rows, written = newest.number if newest else 0, line.number if line else 0
    return written in (rows, rows + 1)


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
