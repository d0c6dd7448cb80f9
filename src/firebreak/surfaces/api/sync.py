"""`POST /api/v1/sync`: the one door for phones. Checks the request, hands the batch to capture, answers per event.

It decides nothing about events. Every answer is JSON with words in both languages; 429 and 503 say when to come
again. `Server-Timing` tells where the time went, so that a slow line can be explained instead of argued about.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import uniform

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic_core import to_json

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.capture import devices
from firebreak.engine.capture.actions import token_hash
from firebreak.engine.capture.envelope import MOST_BYTES, read_envelope
from firebreak.engine.capture.intake import BatchAnswer, take_batch
from firebreak.engine.capture.models import Device
from firebreak.engine.capture.refusals import DEVICE_REVOKED, UNKNOWN_DEVICE
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import ANY, Declaration

AT_ONCE_IN_ALL = 64
AT_ONCE_PER_DEVICE = 2

WRONG_TYPE = RefusalKind(
    "wrong-content-type",
    T("内容类型须为 application/json(UTF-8),什么都没有收下。",
      "The content type must be application/json (UTF-8); nothing was taken."),
)
TOO_LARGE = RefusalKind(
    "batch-too-large",
    T("一批最多 256 KB,什么都没有收下。请分批再传。",
      "A batch holds at most 256 KB; nothing was taken. Send it in parts."),
)
TOO_EAGER = RefusalKind(
    "one-batch-at-a-time",
    T("这台设备的上一批还在写入,这一批没有收下。记录还在手机上,稍后会自动再传。",
      "The device's last batch is still being written; this one was not taken. It stays on the phone and is resent."),
)
BUSY = RefusalKind(
    "server-busy",
    T("服务器忙,这一批没有收下。记录还在手机上,稍后会自动再传。",
      "The server is busy; this batch was not taken. It stays on the phone and is resent."),
)


class Lanes:
    """How many batches are under way in this process, in all and for each device."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._devices: Counter[int] = Counter()
        self._all = 0

    @contextmanager
    def taken(self, device: int) -> Iterator[RefusalKind | None]:
        """Hold a lane for the block; gives the refusal instead when there is none."""
        with self._lock:
            full = BUSY if self._all >= AT_ONCE_IN_ALL else None
            if full is None and self._devices[device] >= AT_ONCE_PER_DEVICE:
                full = TOO_EAGER
            if full is None:
                self._all += 1
                self._devices[device] += 1
        try:
            yield full
        finally:
            if full is None:
                with self._lock:
                    self._all -= 1
                    self._devices[device] -= 1
                    if not self._devices[device]:
                        del self._devices[device]


lanes = Lanes()


@csrf_exempt
def sync(request: HttpRequest) -> HttpResponse:
    """Take in one batch. 200 with an answer for each event; 400, 401, 413, 415, 429, 503 otherwise."""
    begun = time.perf_counter()
    if not _is_json(request):
        return refused(WRONG_TYPE.because(), 415)
    content = _content(request)
    if content is None:
        return refused(TOO_LARGE.because(), 413)
    try:
        device = _device(request)
        if device is None:
            return refused(UNKNOWN_DEVICE.because(), 401)
        with lanes.taken(device.pk) as full:
            if full is not None:
                return later(full, 429 if full is TOO_EAGER else 503)
            return _taken(device, content, begun)
    except DatabaseError:
        return later(BUSY, 503)


sync.firebreak_gate = Declaration(None, ANY, anonymous=True)  # type: ignore[attr-defined]  # the token is the key


def _taken(device: Device, content: bytes, begun: float) -> HttpResponse:
    try:
        envelope = read_envelope(content)
        parsed = time.perf_counter()
        by = AccountActor(Ref(device.account_ref), device.label, 0, "", ())
        answer = take_batch(device=device, envelope=envelope, by=by, at=clock.now())
    except Refusal as refusal:
        return refused(refusal, 401 if refusal.code == DEVICE_REVOKED.code else 400)
    response = HttpResponse(to_json(answer.as_json()), content_type="application/json")
    response["Server-Timing"] = _timing(answer, begun, parsed)
    return response


def _timing(answer: BatchAnswer, begun: float, parsed: float) -> str:
    total = (time.perf_counter() - begun) * 1000
    hops = {"parse": (parsed - begun) * 1000, **answer.hops}
    hops["commit"] = max(0.0, total - sum(hops.values()))
    return ", ".join(f"{name};dur={spent:.1f}" for name, spent in {**hops, "total": total}.items())


def _is_json(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8")
    return request.content_type == "application/json" and charset.lower() == "utf-8"


def _content(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too large; never reads more than the limit."""
    try:
        announced = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        announced = 0
    if announced > MOST_BYTES:
        return None
    content = request.read(MOST_BYTES + 1)
    return content if len(content) <= MOST_BYTES else None


def _device(request: HttpRequest) -> Device | None:
    """The device whose token came with the request. One query."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Device" or not token:
        return None
    return devices.of_token(token_hash(token.strip()))


def refused(refusal: Refusal, status: int) -> HttpResponse:
    said = {"code": refusal.code, "zh": refusal.text.zh, "en": refusal.text.en}
    response = HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json", status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Device"
    return response


def later(kind: RefusalKind, status: int) -> HttpResponse:
    """Try again later; the moment differs so that not everybody comes back at once."""
    response = refused(kind.because(), status)
    response["Retry-After"] = str(round(uniform(1, 6)))  # noqa: S311  spreading load, no secret
    return response
