"""A file laid out for the register: mapped, read, checked row by row, sealed in slices. Writes no table.

Works outside any transaction, so that a long file holds no lock while it is read.
"""

import json
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from firebreak.engine import bulk
from firebreak.engine.registry.identity import Sealer
from firebreak.engine.registry.importing.appliers import Resolver, Staged, applier_for
from firebreak.engine.registry.importing.kinds import KINDS, Kind
from firebreak.engine.registry.importing.mapping import SAMPLE, Mapping, headers_hash, propose, restored
from firebreak.engine.registry.importing.problems import Problem, Unreadable, refusal
from firebreak.engine.registry.importing.rows import RowReader
from firebreak.engine.registry.importing.sheet import Row, Sheet, open_sheet
from firebreak.engine.registry.models import ImportMapping
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import Refusal

# A slice holds SQLite's write lock for about half a second; every slice rewrites the touched index pages once.
CHUNK_ROWS = 5000
Progress = Callable[[int], None]

COLUMN_MISSING = refusal(
    "column-missing",
    "没有一列对应“{field}”。什么都没有导入。请在列对应里选择。",
    "No column is mapped to '{field}'. Nothing was imported. Choose one in the mapping.",
)


@dataclass(slots=True)
class Chunk:
    """A slice: how many rows, and where its sealed values and cells lie in the spool."""

    rows: int
    sealed: int
    cells: int


@dataclass(slots=True, weakref_slot=True)
class Listing:
    """What a file holds for the register. `rejected` are rows that cannot be read: number, cells, problems.

    The spool is a nameless temporary file of sealed slices; it goes with the listing.
    """

    ref: Ref
    kind: Kind
    name: str
    sheet: Sheet
    mapping: Mapping
    rows: int = 0
    chunks: list[Chunk] = field(default_factory=list)
    rejected: list[tuple[int, bytes, list[Problem]]] = field(default_factory=list)
    repeated: frozenset[str] = frozenset()
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        weakref.finalize(self, self.spool.close)

    def sealed_chunks(self) -> Iterator[tuple[int, Chunk, bytes, bytes]]:
        """(number, slice, sealed values, sealed cells) from the spool."""
        self.spool.seek(0)
        for number, chunk in enumerate(self.chunks, 1):
            yield number, chunk, self.spool.read(chunk.sealed), self.spool.read(chunk.cells)

    @property
    def blocked(self) -> Refusal | None:
        """The open question that keeps the file from being written, if there is one."""
        questions = self.sheet.questions
        return Refusal(questions[0].code, questions[0].text) if questions else None


def read_sheet(
    kind: str, source: Path | bytes, *, saved: dict[str, Any] | None = None, sheet: str | None = None,
    expected_count: int | None = None,
) -> tuple[Sheet, Mapping]:
    """Open a file and map its columns: as told, else as these headers were mapped before, else as proposed."""
    wanted = KINDS[kind]
    opened = open_sheet(source, sheet=sheet, expected_count=expected_count, knows=wanted.knows)
    sample = [row.cells for row in islice(opened.rows(), SAMPLE)]
    if saved is None:
        before = ImportMapping.objects.filter(kind=kind, headers_hash=headers_hash(opened.headers)).first()
        if before is not None:
            with suppress(Refusal):
                return opened, restored(wanted, opened.headers, before.mapping, sample)
        return opened, propose(wanted, opened.headers, sample)
    return opened, restored(wanted, opened.headers, saved, sample)


@bulk.rare_collections()
def lay_out(
    sheet: Sheet, mapping: Mapping, *, name: str, by: Actor, progress: Progress = lambda rows: None
) -> Listing:
    """Read every row and seal them in slices. Errors: `Refusal` column-missing."""
    kind = KINDS[mapping.kind]
    if mapping.missing:
        raise COLUMN_MISSING.because(field=kind.by_key[mapping.missing[0]].label)
    listing = Listing(new_ref("import"), kind, name, sheet, mapping)
    applier, sealer = applier_for(kind.key), Sealer()
    resolver = applier.resolver(by)
    reader = RowReader(kind, mapping.columns, mapping.orders)
    size = sheet.counts["data"] + 1 if applier.whole else CHUNK_ROWS
    values: list[Staged] = []
    cells: list[list[str]] = []
    for row in sheet.rows():
        listing.rows += 1
        staged = _staged(listing, reader, resolver, row, sealer)
        if staged is not None:
            values.append(staged)
            cells.append(row.cells)
        if len(values) == size:
            _spool(listing, values, cells, sealer)
            values, cells = [], []
        if listing.rows % 500 == 0:
            progress(listing.rows)
    if values:
        _spool(listing, values, cells, sealer)
    listing.repeated = resolver.repeated()
    progress(listing.rows)
    return listing


def _staged(
    listing: Listing, reader: RowReader, resolver: Resolver, row: Row, sealer: Sealer
) -> Staged | None:
    read = reader.read(row.cells, row.marks)
    if isinstance(read, dict):
        try:
            return resolver.staged(row.number, read)
        except Unreadable as wrong:
            read = [wrong.as_problem("building" if wrong.code.startswith(("building", "outside")) else "")]
    sealed = seal_json(sealer, row.cells, about_row(listing.ref, row.number))
    listing.rejected.append((row.number, sealed, read))
    return None


def _spool(listing: Listing, values: list[Staged], cells: list[list[str]], sealer: Sealer) -> None:
    number = len(listing.chunks) + 1
    sealed = seal_json(sealer, values, about_chunk(listing.ref, number))
    raw = seal_json(sealer, cells, about_cells(listing.ref, number))
    listing.spool.write(sealed)
    listing.spool.write(raw)
    listing.chunks.append(Chunk(len(values), len(sealed), len(raw)))


def seal_json(sealer: Sealer, content: Any, about: str) -> bytes:
    """Content as sealed JSON."""
    return sealer.seal(json.dumps(content, ensure_ascii=False, separators=(",", ":")), about) or b""


def open_json(sealer: Sealer, sealed: bytes | memoryview | None, about: str) -> Any:
    """The content of `seal_json`. Errors: `InvalidTag` when it was changed or moved."""
    return json.loads(sealer.open(sealed, about))


def about_chunk(file: str, number: int) -> str:
    return f"import.values:{file}:{number}"


def about_cells(file: str, number: int) -> str:
    return f"import.cells:{file}:{number}"


def about_row(file: str, number: int) -> str:
    return f"import.row:{file}:{number}"
