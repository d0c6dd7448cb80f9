"""What erasing a class does, and the certificate that it was done."""

from datetime import datetime
from typing import Any

from firebreak.command.activation.models import Response, Signal
from firebreak.command.closing import queries, rules
from firebreak.command.closing.events import ErasureDone
from firebreak.command.closing.models import Certificate, Erasure
from firebreak.command.duty.actions import erase_log
from firebreak.engine.capture.actions import erase_response, wipe_what_is_deleted
from firebreak.engine.capture.models import SubjectKey
from firebreak.engine.journal import seals
from firebreak.engine.journal.acting import current_act, record
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.pictures.actions import erase_pictures
from firebreak.engine.pictures.queries import held as pictures_held
from firebreak.engine.registry.erasing import erase_fields, still_held
from firebreak.engine.registry.plan import CAPTURED_FIELDS, PICTURE_FIELDS, REGISTER_FIELDS
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_ref

KEYS = "capture.keys"
PICTURES = "picture.content"
INSIDE = SystemActor("retention", frozenset({"privacy.own", "capture.resolve"}))


class BooksMoved(RuntimeError):
    """Erasing changed what a book of the past says: a bug, and the act is rolled back."""


def certify(row: Erasure, by: Actor, at: datetime) -> Ref:
    """Erase the class inside the running act and write the certificate; answers its ref. Errors: `BooksMoved`."""
    response, ended = row.response, row.planned_at
    other = queries.others_in_need(response).first()
    register = [] if other is not None else [field for field in row.fields if field in REGISTER_FIELDS]
    before = rules.books(balance_all(Cutoff(ended)))
    wipe_what_is_deleted()
    erased = erase_fields(area_path=response.area.path, fields=register, by=INSIDE, at=at) if register else {}
    if CAPTURED_FIELDS & set(row.fields):
        erased[KEYS] = erase_response(response=Ref(response.ref), by=INSIDE, at=at)
    if PICTURE_FIELDS & set(row.fields):
        erased[PICTURES] = erase_pictures(response=Ref(response.ref), by=INSIDE, at=at)
    if "person.name" in row.fields:
        Signal.objects.filter(responses=response).update(note="")
        erase_log(response=Ref(response.ref), by=INSIDE, at=at)
    after = rules.books(balance_all(Cutoff(ended)))
    if before != after:
        raise BooksMoved(row.ref)
    outcome = Certificate.Outcome.ERASED if other is None else Certificate.Outcome.IN_USE
    ref = new_ref("certificate")
    text, digest = rules.canonical(_document(ref, row, outcome, erased, other, after, by, at))
    Certificate.objects.create(
        ref=ref, erasure=row, outcome=outcome, document=text, digest=digest, by=by.ref, happened_at=at,
        act=current_act(),
    )
    record(ErasureDone(row.key, outcome, digest), about=row.ref)
    return ref


def _document(
    ref: Ref, row: Erasure, outcome: str, erased: dict[str, int], other: Response | None, books: list[dict[str, Any]],
    by: Actor, at: datetime,
) -> dict[str, Any]:
    """The certificate: what, why, when, by whom, how many rows, what is left, and the books, the same before and after."""
    response = row.response
    kept = {one.key: one for one, _ in queries.classes_of(response)}[row.key]
    left = still_held(response.area.path, [field for field in row.fields if field in REGISTER_FIELDS])
    if CAPTURED_FIELDS & set(row.fields):
        left[KEYS] = SubjectKey.objects.filter(response_ref=response.ref).count()
    if PICTURE_FIELDS & set(row.fields):
        left[PICTURES] = pictures_held(response.ref)
    head = seals.latest()
    return {
        "certificate": ref, "outcome": outcome,
        "response": {"ref": response.ref, "zh": response.name_zh, "en": response.name_en, "ended_at": iso(row.planned_at)},
        "class": {
            "key": row.key, "zh": row.title_zh, "en": row.title_en, "fields": row.fields,
            "purpose": {"zh": kept.purpose.zh, "en": kept.purpose.en},
            "legal_basis": {"zh": kept.legal_basis.value.zh, "en": kept.legal_basis.value.en},
            "days": kept.erase_after_days.value,
        },
        "due_at": iso(row.due_at), "erased_at": iso(at), "owner": row.owner_ref, "by": by.ref,
        "rows_erased": erased, "rows_left": left, "still_needed_by": other.ref if other is not None else "",
        "books_before_and_after": books, "journal_head": head.head if head is not None else "",
    }
