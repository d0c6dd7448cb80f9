"""Writing a list into the register: staged, then slice by slice, so that capture goes on in between.

`bring_in` is the whole way; it may be stopped at any moment and called again, and goes on where it was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, record
from firebreak.engine.registry.events import ImportAbandoned, ImportApplied, ImportChunkApplied, ImportStaged
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.appliers import ACCEPTED, DUPLICATE, REJECTED, Staged, Verdict, applier_for
from firebreak.engine.registry.importing.listing import (
    Listing,
    Progress,
    about_cells,
    about_chunk,
    about_row,
    open_json,
    seal_json,
)
from firebreak.engine.registry.importing.mapping import headers_hash
from firebreak.engine.registry.importing.problems import Problem
from firebreak.engine.registry.models import ImportChunk, ImportFile, ImportMapping, ImportRow
from firebreak.engine.registry.refusals import FILE_NOT_STAGED
from firebreak.engine.registry.rights import REGISTRY_IMPORT
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

_ROW_COLUMNS = ("file_id", "number", "verdict", "problem", "problem_zh", "problem_en", "sealed")
OF_EACH = 3
_OPEN = (ImportFile.Status.STAGED, ImportFile.Status.APPLYING)


@action
def stage_import(*, listing: Listing, by: Actor, at: datetime) -> Ref:
    """Keep a file that was laid out, sealed, until it is written or given up.

    Who: whoever may import.  Refuses: the file's open question (size, total, sender's count).
    Journals: ImportStaged.  Promises: rows that cannot be read are kept with their reason; nothing of the file
    is in the register yet.
    """
    by.require(REGISTRY_IMPORT)
    if listing.blocked:
        raise listing.blocked
    file = ImportFile.objects.create(
        ref=listing.ref, kind=listing.kind.key, name=listing.name[:200], sha256=listing.sheet.sha256,
        reading=listing.sheet.as_json(), mapping=listing.mapping.as_json(), rows=listing.rows,
        rejected=len(listing.rejected), by=by.ref, at=at,
    )
    bulk.insert("registry_importrow", _ROW_COLUMNS, [
        (file.pk, number, REJECTED, *_words(problems), sealed) for number, sealed, problems in listing.rejected
    ])
    bulk.insert("registry_importchunk", ("file_id", "number", "rows", "sealed", "cells", "applied_at"), [
        (file.pk, number, chunk.rows, sealed, cells, None)
        for number, chunk, sealed, cells in listing.sealed_chunks()
    ])
    record(
        ImportStaged(listing.ref, file.kind, file.sha256, file.rows, len(listing.chunks)), about=listing.ref
    )
    return listing.ref


@action
def apply_chunk(*, file: Ref, number: int, by: Actor, at: datetime) -> dict[str, int]:
    """Write one slice of a staged file; answers its counts, the same ones on a repeat.

    Who: whoever may import at every building of the slice.  Refuses: import-not-staged, not-permitted.
    Journals: ImportChunkApplied.  Promises: rows = accepted + rejected + duplicate; the slice's sealed values
    are erased with the same commit that puts them into the register.
    """
    by.require(REGISTRY_IMPORT)
    row = _open_file(file)
    chunk = ImportChunk.objects.select_for_update().get(file=row, number=number)
    if chunk.applied_at is not None:
        raise FILE_NOT_STAGED.because(status="applied")
    sealer = Sealer()
    values: list[Staged] = open_json(sealer, chunk.sealed, about_chunk(file, number))
    verdicts = applier_for(row.kind).settle(values, by=by, at=at)
    counts = Counter(verdict.verdict for verdict in verdicts)
    _keep_outcomes(row, chunk, values, verdicts, sealer)
    ImportChunk.objects.filter(pk=chunk.pk).update(sealed=None, cells=None, applied_at=at)
    ImportFile.objects.filter(pk=row.pk).update(
        status=ImportFile.Status.APPLYING, accepted=F("accepted") + counts[ACCEPTED],
        rejected=F("rejected") + counts[REJECTED], duplicate=F("duplicate") + counts[DUPLICATE],
    )
    record(ImportChunkApplied(
        file, number, len(values), counts[ACCEPTED], counts[REJECTED], counts[DUPLICATE]
    ), about=file)
    return {name: counts[name] for name in (ACCEPTED, REJECTED, DUPLICATE)}


@action
def finish_import(*, file: Ref, by: Actor, at: datetime) -> None:
    """Close a file whose slices are all written, and remember its column mapping for the next one.

    Who: whoever may import.  Refuses: import-not-staged (also while a slice is open).
    Journals: ImportApplied.  Promises: rows = accepted + rejected + duplicate.
    """
    by.require(REGISTRY_IMPORT)
    row = _open_file(file)
    if row.chunks.filter(applied_at=None).exists() or row.rows != row.accepted + row.rejected + row.duplicate:
        raise FILE_NOT_STAGED.because(status=row.status)
    row.status = ImportFile.Status.APPLIED
    row.save(update_fields=["status"])
    ImportMapping.objects.update_or_create(
        kind=row.kind, headers_hash=headers_hash(row.reading["headers"]), defaults={"mapping": row.mapping}
    )
    record(ImportApplied(file, row.kind, row.rows, row.accepted, row.rejected, row.duplicate), about=file)
    bulk.analyze("registry_person", "registry_presence", "registry_presencechange", "areas_area")


@action
def abandon_import(*, file: Ref, by: Actor, at: datetime) -> None:
    """Give a staged file up; what is already written stays.

    Who: whoever may import.  Refuses: import-not-staged.
    Journals: ImportAbandoned.  Promises: every sealed cell of the file is erased.
    """
    by.require(REGISTRY_IMPORT)
    row = _open_file(file)
    row.status = ImportFile.Status.ABANDONED
    row.save(update_fields=["status"])
    row.chunks.update(sealed=None, cells=None)
    row.outcomes.update(sealed=None)
    record(ImportAbandoned(file), about=file)


def bring_in(*, file: Ref, by: Actor, at: datetime | None = None,
    progress: Progress = lambda rows: None) -> Counter[str]:
    """Write all open slices of a staged file, each in its own transaction, then close it; answers its counts."""
    row = ImportFile.objects.get(ref=file)
    done = sum(row.chunks.exclude(applied_at=None).values_list("rows", flat=True))
    for number, rows in row.chunks.filter(applied_at=None).order_by("number").values_list("number", "rows"):
        apply_among_others(file, number, by, at or clock.now())
        done += rows
        progress(done)
    finish_import(file=file, by=by, at=at or clock.now())
    return counts_of(file)


@bulk.rare_collections()
def apply_among_others(file: Ref, number: int, by: Actor, at: datetime) -> None:
    """Capture goes on beside an import: when it registers the same person first, the slice is classified anew."""
    for patience in (2, 1, 0):
        try:
            apply_chunk(file=file, number=number, by=by, at=at)
        except IntegrityError:
            if not patience:
                raise
        else:
            return


def counts_of(file: Ref) -> Counter[str]:
    """The counts of a file as they stand. One query."""
    row = ImportFile.objects.get(ref=file)
    return Counter({"rows": row.rows, ACCEPTED: row.accepted, REJECTED: row.rejected, DUPLICATE: row.duplicate})


class _Undone(Exception):
    """Rolls a rehearsal back."""


Foreseen = tuple[Counter[str], list[tuple[int, list[Problem]]]]


def preview(listing: Listing, *, by: Actor, at: datetime) -> Foreseen:
    """What writing the file would come to: its counts, and (row, problems) of those that would stay out.

    Writes nothing. Kinds that point at themselves are written and rolled back.
    """
    counts = Counter({"rows": listing.rows, REJECTED: len(listing.rejected)})
    refused = [(number, problems) for number, _, problems in listing.rejected]
    chunks = ((number, sealed) for number, _, sealed, _ in listing.sealed_chunks())
    return _foreseen(
        listing.kind.key, listing.ref, chunks, {"repeated": listing.repeated}, (counts, refused), by, at
    )


def preview_staged(file: Ref, *, by: Actor, at: datetime) -> Foreseen:
    """As `preview`, for a staged file of which nothing is written yet. Errors: `Refusal` import-not-staged."""
    row = ImportFile.objects.get(ref=file)
    if row.status != ImportFile.Status.STAGED:
        raise FILE_NOT_STAGED.because(status=row.status)
    refused = [
        (out.number, [Problem(out.problem, "", out.problem_zh, out.problem_en)])
        for out in row.outcomes.order_by("number")
    ]
    counts = Counter({"rows": row.rows, REJECTED: len(refused)})
    chunks = ((chunk.number, bytes(chunk.sealed or b"")) for chunk in row.chunks.order_by("number").iterator())
    return _foreseen(row.kind, file, chunks, {"repeated": None}, (counts, refused), by, at)


@bulk.rare_collections()
def _foreseen(
    kind: str, file: Ref, chunks: Iterable[tuple[int, bytes]], memory: dict[str, Any], so_far: Foreseen, by: Actor,
    at: datetime,
) -> Foreseen:
    counts, refused = so_far
    sealer = Sealer()
    for number, sealed in chunks:
        values: list[Staged] = open_json(sealer, sealed, about_chunk(file, number))
        verdicts = applier_for(kind).preview(values, at=at, memory=memory)
        if verdicts is None:
            verdicts = _rehearsed(kind, values, by, at)
        counts.update(verdict.verdict for verdict in verdicts)
        refused += [(row[0], [verdict.problem]) for row, verdict in zip(values, verdicts, strict=True)
                    if verdict.problem]
    return counts, sorted(refused, key=lambda item: item[0])


def _rehearsed(kind: str, values: Sequence[Staged], by: Actor, at: datetime) -> list[Verdict]:
    verdicts: list[Verdict] = []
    try:
        with transaction.atomic():
            _rehearse(kind=kind, values=values, verdicts=verdicts, by=by, at=at)
    except _Undone:
        pass
    return verdicts


@action
def _rehearse(*, kind: str, values: Sequence[Staged], verdicts: list[Verdict], by: Actor, at: datetime) -> None:
    """Settle rows and undo it all. Who: whoever may import. Refuses, journals and promises nothing."""
    verdicts += applier_for(kind).settle(values, by=by, at=at)
    raise _Undone


def returned_rows(file: Ref) -> Iterator[tuple[list[str], str]]:
    """(cells, reason) of every row that stayed out, in the order of the file. The caller may see personal data."""
    sealer = Sealer()
    rows = ImportRow.objects.filter(file__ref=file, verdict=REJECTED).order_by("number")
    for row in rows.iterator(chunk_size=2000):
        cells = open_json(sealer, row.sealed, about_row(file, row.number)) if row.sealed else []
        yield cells, f"{row.problem_zh} / {row.problem_en}"


def first_refused(file: Ref, most: int) -> list[tuple[int, T]]:
    """(row number, reason) of the first rows that stayed out for each reason; no personal data. One query."""
    rows = ImportRow.objects.filter(file__ref=file, verdict=REJECTED)
    rows = rows.annotate(place=Window(RowNumber(), partition_by="problem", order_by="number"))
    return [
        (row.number, T(row.problem_zh, row.problem_en))
        for row in rows.filter(place__lte=OF_EACH).order_by("number")[:most]
    ]


def few_of_each(refused: Sequence[tuple[int, list[Problem]]]) -> list[tuple[int, list[Problem]]]:
    """The first rows that stayed out for each reason: a thousand alike must not hide the one that is different."""
    seen: Counter[str] = Counter()
    few = []
    for number, problems in refused:
        seen[problems[0].code] += 1
        if seen[problems[0].code] <= OF_EACH:
            few.append((number, problems))
    return few


def resumable(kind: str, sha256: str, mapping: dict[str, Any]) -> ImportFile | None:
    """The same file under the same mapping, staged before and not finished: writing goes on with it. One query."""
    for row in ImportFile.objects.filter(kind=kind, sha256=sha256, status__in=_OPEN).order_by("-id"):
        if row.mapping == mapping:
            return row
    return None


def _open_file(file: Ref) -> ImportFile:
    row = ImportFile.objects.select_for_update().get(ref=file)
    if row.status not in _OPEN:
        raise FILE_NOT_STAGED.because(status=row.status)
    return row


def _keep_outcomes(
    row: ImportFile, chunk: ImportChunk, values: Sequence[Staged], verdicts: Sequence[Verdict], sealer: Sealer
) -> None:
    cells: list[list[str]] = []
    kept: list[tuple[Any, ...]] = []
    for index, (staged, verdict) in enumerate(zip(values, verdicts, strict=True)):
        if verdict.verdict == ACCEPTED:
            continue
        if verdict.problem is None:
            kept.append((row.pk, staged[0], verdict.verdict, "", "", "", None))
            continue
        cells = cells or open_json(sealer, chunk.cells, about_cells(row.ref, chunk.number))
        sealed = seal_json(sealer, cells[index], about_row(row.ref, staged[0]))
        kept.append((row.pk, staged[0], verdict.verdict, *_words([verdict.problem]), sealed))
    bulk.insert("registry_importrow", _ROW_COLUMNS, kept)


def _words(problems: Sequence[Problem]) -> tuple[str, str, str]:
    return (
        problems[0].code[:60], " ".join(problem.zh for problem in problems),
        " ".join(problem.en for problem in problems),
    )
