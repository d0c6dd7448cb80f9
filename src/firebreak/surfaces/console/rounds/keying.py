"""Keying back paper: a hardware scanner reads the row's code, then the outcome; two entries a row, no mouse.

The code of a door card leads to that door of the building.

The second field takes a tube code (sampled), or in a round without tubes the letter of an outcome, or one digit
(away, unreachable, refuses, promised). Everything is written by the same actions as everywhere else.
"""

import re
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.operations.rounds.states import RESULTS
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.toasts import offer_undo, tell
from firebreak.surfaces.console.rounds import doors, persons
from firebreak.surfaces.console.rounds.forms import AttemptForm, OutcomeForm, SampledForm, said
from firebreak.surfaces.console.rounds.scenes import Scene, scene_of

CODE = re.compile(r"^\s*(?:FB1:P:|person:)?([0-9a-z]{12})\s*$", re.IGNORECASE)
DIGITS = {"1": "away", "2": "unreachable", "3": "refused", "4": "promised"}
DOOR = re.compile(r"^\s*FB1:D:([^/\s]{1,40})/(\S{1,40})\s*$", re.IGNORECASE)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_NEITHER_TUBE = T("不是管号,也不是 1–4。", "Neither a tube code nor 1–4.")
_NEITHER_LETTER = T("不是结果字母,也不是 1–4。", "Neither the letter of an outcome nor 1–4.")
NOT_A_ROW = RefusalKind(
    "not-a-row-code",
    T("这不是名册上的行码:{given}。没有改动。请再扫一次,或输入行码下的 12 位字符。",
      "This is no row code of a roster: {given}. Nothing was changed. Scan again, or type its 12 characters."),
)


class RowForm(forms.Form):
    """What stands on the paper row."""

    outcome = forms.CharField(label=said("结果", "Outcome"), max_length=40)


@needs(RECORD_ROUND, post=RECORD_ROUND)
def keying(request: HttpRequest, key: str) -> HttpResponse:
    """First the row's code (GET), then the outcome (POST); afterwards the cursor waits for the next row."""
    scene = scene_of(key, actor(request), RECORD_ROUND)
    if request.method == "POST":
        return _keep(request, scene, request.POST.get("token", ""))
    given = request.GET.get("code", "").strip()
    if not given:
        return _page(request, scene)
    if (at := DOOR.match(given)) is not None:
        return redirect(f"{scene.href('round-area', scene.area(at[1], RECORD_ROUND).code)}?{urlencode({'door': at[2]})}")
    found = CODE.match(given)
    if found is None:
        return _page(request, scene, wrong=NOT_A_ROW.because(given=given[:30]), status=422)
    try:
        return _page(request, scene, token=found[1].lower(), form=RowForm())
    except Refusal as refusal:
        return _page(request, scene, wrong=refusal, status=422)


def _keep(request: HttpRequest, scene: Scene, token: str) -> HttpResponse:
    form = RowForm(request.POST)
    persons.find_entry(scene, token)
    if not form.is_valid():
        return _page(request, scene, token=token, form=form, status=422)
    text = form.cleaned_data["outcome"].strip()
    what, inner = _meant(scene, text)
    if not inner.is_valid():
        form.add_error("outcome", str(_NEITHER_TUBE if scene.in_tubes else _NEITHER_LETTER))
        return _page(request, scene, token=token, form=form, status=422)
    try:
        words, back = persons.outcome(scene, token, what, inner, request.POST.get("key", "") or uuid4().hex)
    except Refusal as refusal:
        form.add_error("outcome", str(refusal.text))
        return _page(request, scene, token=token, form=form, status=422)
    if back:
        offer_undo(request, words, persons.undo_address(scene, back))
    else:
        tell(request, words)
    return redirect("round-keying", key=scene.key)


def letters(scene: Scene) -> list[tuple[str, str, T]]:
    """The outcomes of the plan in their order: letter on paper, key, word; empty in a round of tubes."""
    return [(LETTERS[place], key, one.word) for place, (key, one) in enumerate(scene.terms.outcomes.items())]


def _meant(scene: Scene, text: str) -> tuple[str, forms.Form]:
    if text in DIGITS:
        return "attempt", AttemptForm({"way": "visit", "result": DIGITS[text]})
    if scene.in_tubes:
        return "sampled", SampledForm({"tube": text})
    keys = {letter: key for letter, key, _ in letters(scene)}
    return "outcome", OutcomeForm({"outcome-outcome": keys.get(text.upper(), "")}, terms=scene.terms)


def _page(
    request: HttpRequest,
    scene: Scene,
    *,
    token: str = "",
    form: RowForm | None = None,
    wrong: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    one = place = None
    if token:
        entry = persons.find_entry(scene, token)
        one = doors.look_up(scene, [entry.person_id], f"person:{token}", "round-person")[0]
        place = doors.place_words(one)
    word = scene.words[one.state] if one is not None else ""
    choices = [(letter, said) for letter, _, said in letters(scene)]
    choices += [(digit, RESULTS[result][1]) for digit, result in DIGITS.items()]
    return render(
        request,
        "console/rounds/keying.html",
        {
            "scene": scene,
            "one": one,
            "word": word,
            "place": place,
            "form": form,
            "wrong": wrong,
            "choices": choices,
            "key": uuid4().hex,
            "trail": [],
            "given": request.GET.get("code", ""),
        },
        status=status,
    )
