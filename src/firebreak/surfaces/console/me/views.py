"""The resident's page: the code on their card and four digits, then one answer in large words. No account, no script."""

import re
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firebreak.engine.access.masking import mask_name
from firebreak.engine.registry.identity import open_phone
from firebreak.engine.registry.models import Person
from firebreak.kernel import clock
from firebreak.kernel.text import T, speaking
from firebreak.operations.laboratory.resident import Own, own_rounds
from firebreak.surfaces.common.gate import open_to_all
from firebreak.surfaces.common.words import moment_text
from firebreak.surfaces.console.me.tries import Tries

TRIES = Tries()
_CARD = re.compile(r"(?:FB1:P:)?([0-9a-z]{12})", re.IGNORECASE)
WRONG = T(
    "卡号或后四位不对。请照卡上的字母和数字再输一次;没有卡的,请到采样点或打社区电话。",
    "The code or the four digits are not right. Type them as they stand on the card; without a card, ask at a site.",
)
TOO_OFTEN = T(
    "这张卡试错太多次,15 分钟后再试,或到采样点查询。",
    "Too many wrong tries for this card. Try again in 15 minutes, or ask at a site.",
)
SAYS: dict[str, tuple[T, T]] = {
    "to_do": (T("还没有采样", "Not sampled yet"), T("请到{site},{at} 前采样", "Come to {site} before {at}")),
    "excused": (T("这一轮不用采样", "You need not be sampled"), T("已按规定登记", "It is on record")),
    "waiting": (T("已采样,等结果", "Sampled, the result is not there yet"), T("{at} 采样", "sampled {at}")),
    "negative": (T("阴性", "Negative"), T("{at} 检测", "tested {at}")),
    "again": (
        T("请再采一次", "Please be sampled again"),
        T("样本没有检出结果,与您无关", "The sample told nothing; it is not about you"),
    ),
    "alone": (
        T("请在家等候,会上门为您单独采样", "Please stay in: somebody comes to swab you alone"),
        T("同管需要复核,不等于您阳性;看病用药请打社区电话", "Your tube is checked again; that does not mean you are positive"),
    ),
    "positive": (
        T("您的结果需要医生当面告知", "A doctor will tell you your result"),
        T("工作人员会马上联系您,请留在家中", "Somebody calls you now; please stay in"),
    ),
}
TONES = {"negative": "good", "to_do": "warn", "again": "warn", "alone": "warn", "positive": "warn"}


@open_to_all(post=True)
def me(request: HttpRequest, chosen: str) -> HttpResponse:
    """Ask for the card; a POST answers. What was typed stands in no address and is kept nowhere."""
    with speaking("en" if chosen == "en" else "zh"):
        context: dict[str, object] = {
            "html_lang": "en" if chosen == "en" else "zh-Hans", "drill": settings.FIREBREAK_DRILL,
            "big": request.GET.get("big") == "1",
        }
        status = 200
        if request.method == "POST":
            card, last4 = request.POST.get("card", "").strip()[:40], request.POST.get("last4", "").strip().upper()[:8]
            person, problem = _person(card, last4)
            status = 200 if person else 422
            context |= {"card": card, "problem": problem, **(_answer(person) if person else {})}
        return render(request, "console/me/me.html", context, status=status)


def _person(card: str, last4: str) -> tuple[Person | None, T | None]:
    found = _CARD.fullmatch(card.replace(" ", ""))
    token = found[1].lower() if found else ""
    if token and TRIES.too_many(token, time.monotonic()):
        return None, TOO_OFTEN
    person = Person.objects.filter(ref=f"person:{token}").first() if token else None
    if person is not None and len(last4) == 4 and last4 in _digits(person):
        return person, None
    if token:
        TRIES.wrong(token, time.monotonic())
    return None, WRONG


def _digits(person: Person) -> set[str]:
    """Last four of their papers, or of a phone where there are no papers."""
    if person.id_last4:
        return {person.id_last4.upper()}
    return {part[-4:] for part in open_phone(person.ref, person.phone_sealed).split("、") if len(part) >= 4}


def _answer(person: Person) -> dict[str, object]:
    rounds = own_rounds(person)
    return {"name": mask_name(person.name), "now": clock.now(), "first": _line(rounds[0]) if rounds else None,
            "others": [_line(one) for one in rounds[1:]]}


def _line(one: Own) -> dict[str, object]:
    title, detail = SAYS[one.says]
    at = moment_text(one.at) if one.at else ""
    site = T(one.site_zh, one.site_en or one.site_zh) if one.site_zh else T("采样点", "a sampling site")
    return {
        "number": one.number, "title": title, "detail": detail.filled(at=at, site=site), "tone": TONES.get(one.says, ""),
    }
