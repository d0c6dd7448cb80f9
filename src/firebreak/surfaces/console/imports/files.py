"""One staged import: its dry run, writing it slice by slice, giving it up, and the rows that go back."""

import tempfile

from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access.reading import note_read
from firebreak.engine.registry.importing import actions
from firebreak.engine.registry.importing.kinds import KINDS
from firebreak.engine.registry.importing.returned import write_returned
from firebreak.engine.registry.models import ImportFile
from firebreak.engine.registry.rights import REGISTRY_IMPORT
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.imports.views import STATUS, visible_files

FIRST_PROBLEMS = 50
REMEMBERED_SECONDS = 600


@needs(REGISTRY_IMPORT, proof=for_many)
def import_page(request: HttpRequest, token: str) -> HttpResponse:
    """The dry run of a staged file; its progress; or what became of it."""
    by = actor(request)
    file = _file(by, token)
    shown = {**_standing(file), "token": token, "listing": None}
    if file.status == ImportFile.Status.STAGED:
        counts, problems = _foreseen(file, by)
        shown |= {"counts": counts, "listing": _problems(problems, counts["rejected"])}
    elif file.status == ImportFile.Status.APPLIED and file.rejected:
        kept = file.outcomes.filter(verdict="rejected").order_by("number")[:FIRST_PROBLEMS]
        rows = [(one.number, T(one.problem_zh, one.problem_en)) for one in kept]
        shown["listing"] = _problems(rows, file.rejected)
    return render(request, "console/imports/import.html", shown)


@needs(post=REGISTRY_IMPORT, proof=for_many)
def write_slice(request: HttpRequest, token: str) -> HttpResponse:
    """Write the next slice and answer the progress; without scripts, write all of it. Capture goes on in between."""
    by = actor(request)
    file = _file(by, token)
    if request.headers.get("HX-Request") != "true":
        actions.bring_in(file=Ref(file.ref), by=by)
        return redirect("import", token)
    refused: Refusal | None = None
    try:
        _write_next(file, by)
    except Refusal as refusal:
        refused = refusal
    file.refresh_from_db()
    answer = render(request, "console/imports/progress.html", {
        **_standing(file), "token": token, "refused": refused, "going": refused is None,
    })
    if file.status == ImportFile.Status.APPLIED:
        answer.headers["HX-Redirect"] = reverse("import", args=[token])
    return answer


@needs(post=REGISTRY_IMPORT)
def abandon(request: HttpRequest, token: str) -> HttpResponse:
    """Give a staged file up; its sealed cells are erased."""
    by = actor(request)
    actions.abandon_import(file=Ref(_file(by, token).ref), by=by, at=clock.now())
    tell(request, T(
        "已放弃,未写入的内容已抹去;已写入的都还在。",
        "Given up; what was not written is erased, what was written stays.",
    ))
    return redirect("imports")


@needs(REGISTRY_IMPORT, proof=for_many)
def returned(request: HttpRequest, token: str) -> HttpResponseBase:
    """The rows that stayed out, as they came, with the reason; journaled as one read."""
    by = actor(request)
    file = _file(by, token)
    if not file.outcomes.filter(verdict="rejected", sealed__isnull=False).exists():
        raise Http404
    note_read(
        about=file.ref, page="import-returned", fields=sorted(file.mapping.get("columns", {})), people=file.rejected,
        reason="import", by=by, at=clock.now(),
    )
    out = tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer that streams it
    write_returned(out, file.reading, actions.returned_rows(Ref(file.ref)))
    out.seek(0)
    ending = "xlsx" if file.reading["format"] == "xlsx" else "csv"
    return FileResponse(out, as_attachment=True, filename=f"{file.name.rpartition('.')[0]}.returned.{ending}")


def _write_next(file: ImportFile, by: Actor) -> None:
    number = file.chunks.filter(applied_at=None).order_by("number").values_list("number", flat=True).first()
    if number is not None:
        actions.apply_among_others(Ref(file.ref), number, by, clock.now())
    if not file.chunks.filter(applied_at=None).exists():
        actions.finish_import(file=Ref(file.ref), by=by, at=clock.now())


def _file(by: Actor, token: str) -> ImportFile:
    found = visible_files(by).filter(ref=make_ref("import", token)).first()
    if found is None:
        raise Http404
    return found


def _standing(file: ImportFile) -> dict[str, object]:
    """What the page says of a file, from its counts."""
    written = file.accepted + file.rejected + file.duplicate
    counts = {name: getattr(file, name) for name in ("rows", "accepted", "rejected", "duplicate")}
    return {
        "file": file, "kind": KINDS[file.kind].label, "status": STATUS[file.status][0], "counts": counts,
        "written": written, "unwritten": file.rows - written, "notes": _notes(file),
        "open": file.status in (ImportFile.Status.STAGED, ImportFile.Status.APPLYING),
        "may_return": file.outcomes.filter(verdict="rejected", sealed__isnull=False).exists(),
    }


def _notes(file: ImportFile) -> list[T]:
    return [T(note["zh"], note["en"]) for note in file.reading.get("notes", [])]


def _foreseen(file: ImportFile, by: Actor) -> tuple[dict[str, int], list[tuple[int, T]]]:
    """The dry run, remembered for ten minutes: adding up a long list again for each look would take the desk's time."""
    key = f"import-foreseen:{file.ref}"
    known: tuple[dict[str, int], list[tuple[int, T]]] | None = cache.get(key)
    if known is None:
        counts, refused = actions.preview_staged(Ref(file.ref), by=by, at=clock.now())
        rows = [
            (number, T(" ".join(one.zh for one in problems), " ".join(one.en for one in problems)))
            for number, problems in refused[:FIRST_PROBLEMS]
        ]
        known = {name: counts[name] for name in ("rows", "accepted", "rejected", "duplicate")}, rows
        cache.set(key, known, REMEMBERED_SECONDS)
    return known


def _problems(rows: list[tuple[int, T]], total: int) -> Listing:
    first = T(f"先列 {len(rows)} 行,共 {total:,} 行", f"the first {len(rows)} of {total:,}")
    return Listing(
        T("退回的行", "Rejected rows"), (Column(T("行号", "Row")), Column(T("原因", "Why"))),
        tuple(Row((Cell(str(number)), Cell(reason))) for number, reason in rows),
        note=first if total > len(rows) else "",
        empty=T("没有退回的行。", "No row was rejected."),
    )
