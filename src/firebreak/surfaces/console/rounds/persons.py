"""One person in one round: where they stand, who answers, what was tried, and what can be recorded now.

Everything is written by the actions of rounds. A refusal comes back on the same page with all that was typed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.access.models import Account
from firebreak.engine.journal.acting import keyed
from firebreak.engine.registry.models import Person
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref
from firebreak.kernel.refusals import NOT_FOUND, Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds import actions
from firebreak.operations.rounds.keying import key_back_swab
from firebreak.operations.rounds.models import Attempt, AttemptUndo, Decision, Entry, Scan, Undo
from firebreak.operations.rounds.outcomes import people_behind
from firebreak.operations.rounds.rights import DECIDE_ROUND, READ_ROUNDS, RECORD_ROUND
from firebreak.operations.rounds.states import DECIDED, OPEN, RESULTS, WAYS, State
from firebreak.operations.rounds.together import undo_visit
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.toasts import UNDO_SECONDS, offer_undo, tell
from firebreak.surfaces.console.rounds import doors, owners
from firebreak.surfaces.console.rounds.forms import AttemptForm, EndForm, ExcuseForm, OutcomeForm, SampledForm
from firebreak.surfaces.console.rounds.scenes import Scene, name_of, scene_of, trail
from firebreak.surfaces.console.rounds.wording import people

SIGNER = TimestampSigner(salt="round-undo")
GRACE_SECONDS = 5
TOO_LATE = RefusalKind(
    "undo-too-late",
    T("撤销的时间已过,没有改动。需要更正时,请在此人的页面上重新登记。",
      "The time for undoing is over; nothing was changed. To correct it, record anew on the person's page."),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to the person in this round."""

    at: datetime
    text: T
    by: str


@needs(READ_ROUNDS)
def person(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """One person in the round; journaled as one read."""
    return _page(request, scene_of(key, actor(request)), token, {})


@needs(post=RECORD_ROUND)
def record_one(request: HttpRequest, key: str, token: str, what: str) -> HttpResponse:
    """Write down an attempt, a swab from paper, or an excuse decided by duty."""
    return _write(request, scene_of(key, actor(request)), token, what)


@needs(post=DECIDE_ROUND)
def decide_one(request: HttpRequest, key: str, token: str, what: str) -> HttpResponse:
    """Close an entry with a reason, or open it again."""
    return _write(request, scene_of(key, actor(request)), token, what)


@needs(post=READ_ROUNDS)
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take back what was recorded less than ten seconds ago; the actions judge who may."""
    scene = scene_of(key, actor(request))
    try:
        signed = SIGNER.unsign(request.GET.get("what", ""), max_age=UNDO_SECONDS + GRACE_SECONDS)
    except BadSignature as late:
        raise TOO_LATE.because() from late
    kind, token, rest = signed.split("|")
    who, at, row = scene.who, clock.now(), Ref(scene.row.ref)
    words = T("已撤销,此人又没有结果。", "Taken back; this person has no end again.")
    with keyed(f"{who.ref}:undo:{request.GET['what'].rpartition(':')[2]}"):
        if kind == "outcome":
            scans = [UUID(scan) for scan in rest.split(",")]
            actions.undo_outcome(round=row, scans=scans, reason="desk-undo", by=who, at=at)
        elif kind == "scan":
            actions.undo_scan(round=row, scan=UUID(rest), reason="desk-undo", by=who, at=at)
        elif kind == "attempt":
            actions.undo_attempt(round=row, attempt=UUID(rest), by=who, at=at)
            words = T("已撤销,这次联系不再算数。", "Taken back; this attempt no longer counts.")
        elif kind == "visit":
            n = undo_visit(round=row, attempt=UUID(rest), by=who, at=at)
            tell(request, T(f"已撤销,{n} 人回到之前。", f"Taken back for {n}."))
            return redirect(scene.href("round-area", token) if token else scene.href("round-missing"))
        else:
            actions.reopen_entry(round=row, person=make_ref("person", token), reason="desk-undo", by=who, at=at)
    tell(request, words)
    return redirect(_back(request, scene, token))


def outcome(scene: Scene, token: str, what: str, form: forms.Form, key: str) -> tuple[T, str]:
    """Write one outcome of a person through its action; answers the words for it, and what undoes it ("" nothing).

    Errors: whatever the action refuses.
    """
    who, at, row, ref = scene.who, clock.now(), Ref(scene.row.ref), make_ref("person", token)
    said = form.cleaned_data
    with keyed(f"{who.ref}:{key}"):
        if what == "attempt":
            tried = actions.record_attempt(
                round=row,
                person=ref,
                way=said["way"],
                result=said["result"],
                revisit_at=said["revisit_at"],
                by=who,
                at=at,
            )
            word = RESULTS[said["result"]][1]
            return T(f"已记:{word.zh}。", f"Written down: {word.en}."), f"attempt|{token}|{tried}"
        if what == "sampled":
            tube = said["tube"].upper()
            scan = key_back_swab(round=row, person=ref, tube=tube, taken_at=said["taken_at"] or at, by=who, at=at)
            return T(f"已记采样,管号 {tube}。", f"Sampled, tube {tube}."), f"scan|{token}|{scan}"
        if what == "outcome":
            return _outcome(scene, token, said, at)
        if what == "excuse":
            actions.excuse_person(round=row, person=ref, reason=said["reason"], note=said["note"], by=who, at=at)
            return T("已豁免。", "Excused."), _decided(scene, token)
        close = {"moved": actions.record_moved, "dead": actions.record_dead, "duplicate": actions.record_duplicate,
                 "refused": actions.record_refused}[said["end"]]
        close(round=row, person=ref, note=said["note"], by=who, at=at)
        word = scene.words[said["end"]]
        return T(f"已结案:{word.zh}。", f"Closed: {word.en}."), _decided(scene, token)


def _outcome(scene: Scene, token: str, said: dict[str, Any], at: datetime) -> tuple[T, str]:
    scans = actions.record_outcome(
        round=Ref(scene.row.ref),
        person=make_ref("person", token),
        outcome=said["outcome"],
        taken_at=said["taken_at"] or at,
        by=scene.who,
        at=at,
    )
    word, count = scene.terms.outcomes[said["outcome"]].word, people(len(scans))
    return T(
        f"已记:{word.zh},{count.zh}。", f"Written down: {word.en}, {count.en}."
    ), f"outcome|{token}|{','.join(scans)}"


def undo_address(scene: Scene, what: str) -> str:
    """Where pressing Undo goes, valid for ten seconds."""
    return f"{scene.href('round-undo')}?what={SIGNER.sign(what)}"


def form_of(what: str, scene: Scene, data: object = None) -> forms.Form:
    """The form of one kind of outcome. Errors: refuses `not-found` for a kind there is none of."""
    if what == "excuse":
        return ExcuseForm(data, terms=scene.terms)
    if what == "outcome":
        return OutcomeForm(data, terms=scene.terms)
    kinds: dict[str, type[forms.Form]] = {"attempt": AttemptForm, "sampled": SampledForm, "end": EndForm}
    if what not in kinds:
        raise NOT_FOUND.because()
    return kinds[what](data, prefix=what)  # type: ignore[arg-type]  # a QueryDict or nothing


def _write(request: HttpRequest, scene: Scene, token: str, what: str) -> HttpResponse:
    if what == "reopen":
        actions.reopen_entry(
            round=Ref(scene.row.ref), person=make_ref("person", token), reason="reopened", by=scene.who, at=clock.now(),
        )
        tell(request, T("已重新列为未完。", "Open again."))
        return redirect("round-person", key=scene.key, token=token)
    form = form_of(what, scene, request.POST)
    if form.is_valid():
        try:
            words, back = outcome(scene, token, what, form, request.POST.get("key", "") or uuid4().hex)
        except Refusal as refusal:
            if refusal.code in ("not-found", "not-permitted"):
                raise
            form.add_error(None, str(refusal.text))
        else:
            if back:
                offer_undo(request, words, undo_address(scene, back))
            else:
                tell(request, words)
            return redirect(_back(request, scene, token))
    return _page(request, scene, token, {what: form}, status=422)


def _decided(scene: Scene, token: str) -> str:
    """Taking a decision back needs the right to decide; who only holds the duty records anew instead."""
    entry = (
        Entry.objects.filter(round=scene.row, person__ref=make_ref("person", token))
        .select_related("building")
        .first()
    )
    return f"decision|{token}|" if entry is not None and scene.may(DECIDE_ROUND, entry.building) else ""


def _back(request: HttpRequest, scene: Scene, token: str) -> str:
    """The page the reader came from inside this round, else the person's."""
    asked = request.POST.get("back", "")
    return asked if asked.startswith(f"/rounds/{scene.key}/") else scene.href("round-person", token)


def find_entry(scene: Scene, token: str) -> Entry:
    """The entry of a person. Refuses `not-found` alike for unknown people and those of other areas. One query."""
    rows = Entry.objects.filter(round=scene.row, person__ref=make_ref("person", token)).select_related("building")
    entry = rows.first()
    if entry is None or not scene.may(READ_ROUNDS, entry.building) or not scene.may(REGISTRY_READ, entry.building):
        raise NOT_FOUND.because()
    return entry


def _page(
    request: HttpRequest, scene: Scene, token: str, given: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    entry = find_entry(scene, token)
    one = doors.look_up(scene, [entry.person_id], f"person:{token}", "round-person")[0]
    building, is_open = entry.building, entry.state in OPEN
    may_record = scene.is_open and scene.may(RECORD_ROUND, building)
    may_decide = scene.is_open and scene.may(DECIDE_ROUND, building)
    return render(
        request,
        "console/rounds/person.html",
        {
            "scene": scene,
            "one": one,
            "building": name_of(building),
            "code": building.code,
            "open": is_open,
            "place": doors.place_words(one),
            "sweep": owners.sweeps(scene.row, [building.pk], scene.who).get(building.pk),
            "trail": [*trail(scene, building), (name_of(building), scene.href("round-area", building.code))],
            "steps": steps(scene, entry.person_id),
            "key": uuid4().hex,
            "back": request.GET.get("back", ""),
            "attempt": given.get("attempt") or form_of("attempt", scene) if may_record and is_open else None,
            "sampled": given.get("sampled") or form_of("sampled", scene)
            if may_record and entry.state != State.SAMPLED and scene.in_tubes
            else None,
            "outcome": given.get("outcome") or form_of("outcome", scene)
            if may_record and entry.state != State.SAMPLED and not scene.in_tubes
            else None,
            "word": scene.words[entry.state],
            "together": _together(scene, entry) if may_record and is_open else 0,
            "excuse": given.get("excuse") or form_of("excuse", scene)
            if (may_record or may_decide) and is_open
            else None,
            "end": given.get("end") or form_of("end", scene) if may_decide and is_open else None,
            "reopen": may_decide and entry.state in DECIDED,
            "decides": may_decide,
            "wrong": next(iter(given.values()), None),
            "register_href": f"/people/{token}",
            "missed_note": "",
            "needed": scene.terms.attempts_before_refusal,
        },
        status=status,
    )


def steps(scene: Scene, person: int) -> list[Step]:
    """Everything written about the person in this round, newest first. Six queries."""
    row, found = scene.row, _attempts(scene, person)
    excuses = scene.terms.excuses
    for state, reason, by, at in Decision.objects.filter(round=row, person_id=person).values_list(
        "state", "reason", "by", "happened_at"
    ):
        found.append(
            Step(
                at,
                _decision_words(
                    scene,
                    state,
                    excuses[reason].zh if reason in excuses else "",
                    excuses[reason].en if reason in excuses else "",
                ),
                by,
            )
        )
    scans = Scan.objects.filter(round=row, person_id=person).values_list(
        "event_id", "tube__code", "outcome", "happened_at", "act__by"
    )
    undone = dict(
        Undo.objects.filter(scan_event_id__in=[scan[0] for scan in scans]).values_list("scan_event_id", "happened_at")
    )
    for event, tube, outcome, at, by in scans:
        done = _scan_words(scene, tube, outcome)
        found.append(Step(at, done, by))
        if event in undone:
            found.append(Step(undone[event], T(f"撤回({done.zh})", f"taken back ({done.en})"), by))
    names = dict(Account.objects.filter(ref__in={step.by for step in found}).values_list("ref", "name"))
    known = [Step(step.at, step.text, names.get(step.by, "")) for step in found]
    return sorted(known, key=lambda step: step.at, reverse=True)


def _scan_words(scene: Scene, tube: str | None, outcome: str) -> T:
    if tube is not None:
        return T(f"采样,管号 {tube}", f"sampled, tube {tube}")
    ending = scene.terms.outcomes.get(outcome)
    return ending.word if ending else T(outcome, outcome)


def _together(scene: Scene, entry: Entry) -> int:
    """How many people one outcome written here covers; 0 where it covers the person alone. Two queries at most."""
    if scene.in_tubes or scene.terms.unit != "household":
        return 0
    return len(people_behind(entry))


def _attempts(scene: Scene, person: int) -> list[Step]:
    """The calls and visits, and those of them that were taken back. Two queries."""
    tries = Attempt.objects.filter(round=scene.row, person_id=person)
    written = tries.values_list("event_id", "way", "result", "by", "happened_at")
    undone = dict(
        AttemptUndo.objects.filter(attempt_event_id__in=[one[0] for one in written if one[0]])
        .values_list("attempt_event_id", "happened_at")
    )
    found = []
    for event, way, result, by, at in written:
        how, what = WAYS.get(way, T(way, way)), RESULTS[result][1]
        found.append(Step(at, T(f"{how.zh}:{what.zh}", f"{how.en}: {what.en}"), by))
        if event in undone:
            back = T(f"撤回({how.zh}:{what.zh})", f"taken back ({how.en}: {what.en})")
            found.append(Step(undone[event], back, by))
    return found


def _decision_words(scene: Scene, state: str, zh: str, en: str) -> T:
    if state == State.TO_DO:
        return T("重新列为未完", "open again")
    word = scene.words[state]
    return T(f"{word.zh}:{zh}", f"{word.en}: {en}") if zh else word


def exists(token: str) -> bool:
    """Whether the register knows this person at all. One query."""
    return Person.objects.filter(ref=make_ref("person", token)).exists()
