"""`POST /api/v1/results`: a laboratory's own system sends a FHIR R4B bundle and is told what became of each row."""

import json
from hashlib import sha256

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from firebreak.kernel import clock
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.laboratory.actions import take_message
from firebreak.operations.laboratory.models import Delivery, Laboratory, RejectedRow
from firebreak.operations.laboratory.rights import TAKE_RESULTS
from firebreak.surfaces.api.fhir import NOT_A_BUNDLE, rows_of
from firebreak.surfaces.api.sync import BUSY, WRONG_TYPE, later, refused
from firebreak.surfaces.common.gate import ANY, Declaration

UNKNOWN_KEY = RefusalKind(
    "unknown-laboratory-key",
    T("请求头里没有有效的机构密钥,一行也没有收。", "The header carries no key of a laboratory; no row was taken."),
)
MOST_BYTES = 16 * 1024 * 1024
TYPES = ("application/json", "application/fhir+json")


@csrf_exempt
def results(request: HttpRequest) -> HttpResponse:
    """Take in one bundle. 200 with the numbers and the rows that did not count; 400, 401, 413, 415, 503 otherwise."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    laboratory = _laboratory(request)
    if laboratory is None:
        answer = refused(UNKNOWN_KEY.because(), 401)
        answer["WWW-Authenticate"] = "Laboratory"
        return answer
    if request.content_type not in TYPES:
        return refused(WRONG_TYPE.because(), 415)
    content = request.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return refused(NOT_A_BUNDLE.because(what="> 16 MB"), 413)
    try:
        return _taken(laboratory, content)
    except Refusal as refusal:
        return refused(refusal, 400)
    except DatabaseError:
        return later(BUSY, 503)


results.firebreak_gate = Declaration(None, ANY, anonymous=True)  # type: ignore[attr-defined]  # the token is the key


def _taken(laboratory: Laboratory, content: bytes) -> HttpResponse:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise NOT_A_BUNDLE.because(what="JSON") from wrong
    by = SystemActor(f"laboratory-{laboratory.code.lower()}", frozenset({TAKE_RESULTS}))
    ref = take_message(
        laboratory=Ref(laboratory.ref), rows=rows_of(document), digest=sha256(content).hexdigest(), by=by, at=clock.now()
    )
    kept = Delivery.objects.get(ref=ref)
    returned = RejectedRow.objects.filter(delivery=kept).order_by("number")
    body = {
        "delivery": kept.ref, "rows": kept.rows, "accepted": kept.accepted, "rejected": kept.rejected, "repeated": kept.repeated,
        "returned": [
            {"entry": one.number, "tube": one.code, "code": one.refusal, "zh": one.words_zh, "en": one.words_en}
            for one in returned
        ],
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")


def _laboratory(request: HttpRequest) -> Laboratory | None:
    """The laboratory whose key came with the request. One query."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Laboratory" or not token.strip():
        return None
    return Laboratory.objects.filter(token_hash=sha256(token.strip().encode()).hexdigest()).first()
