"""Which column holds which field: a proposal from headers and values, and the saved form of a person's choice.

A field gets one column and a column one field. Columns nobody asked for are listed, never dropped in silence.
"""

import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from rapidfuzz import fuzz

from firebreak.engine.registry.importing import papers, values
from firebreak.engine.registry.importing.kinds import Field, Kind, plain_header
from firebreak.engine.registry.importing.problems import Unreadable, refusal
from firebreak.engine.registry.importing.returned import REASON_HEADER

EXACT, NEAR, VALUES, SAVED = "exact", "near", "values", "saved"
_NEAR_ENOUGH = 82
_EVIDENT = 0.7
SAMPLE = 300

NO_SUCH_COLUMN = refusal(
    "no-such-column",
    "列对应里写的“{header}”在文件里没有。什么都没有导入。请改正列对应。",
    "The mapping names a column '{header}' that the file does not have. Nothing was imported. Correct the mapping.",
)
NO_SUCH_FIELD = refusal(
    "no-such-field",
    "列对应里的“{field}”不是可导入的字段。什么都没有导入。可用:{fields}。",
    "The mapping names a field '{field}' that is not known. Nothing was imported. Known: {fields}.",
)
COLUMN_TWICE = refusal(
    "column-twice",
    "列“{header}”对应了两个字段。什么都没有导入。一列只能对应一个字段。",
    "The column '{header}' is mapped to two fields. Nothing was imported. A column holds one field.",
)


@dataclass(slots=True)
class Mapping:
    """`columns`: column index (from 0) by field; `how` it was found; `unknown`: columns that stay unread."""

    kind: str
    headers: tuple[str, ...]
    columns: dict[str, int] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def unknown(self) -> list[tuple[int, str]]:
        """Columns without a field, by index and header; our own reason column is not one of them."""
        used = set(self.columns.values())
        return [(index, header) for index, header in enumerate(self.headers)
                if index not in used and header != REASON_HEADER]

    @property
    def guessed(self) -> dict[str, str]:
        """Fields found by likeness only; a person should look at them."""
        return {key: how for key, how in self.how.items() if how in (NEAR, VALUES)}

    def as_json(self) -> dict[str, Any]:
        """The saved form: header by field (`header#2` for the second column of that name)."""
        names = numbered(self.headers)
        return {
            "kind": self.kind, "columns": {key: names[index] for key, index in self.columns.items()},
            "orders": dict(self.orders),
        }


def headers_hash(headers: Sequence[str]) -> str:
    """By which a saved mapping is found again: the same headers in the same order."""
    return sha256(json.dumps([plain_header(header) for header in headers]).encode()).hexdigest()


def propose(kind: Kind, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> Mapping:
    """A mapping from the headers, and from the values where headers do not say."""
    mapping = Mapping(kind.key, tuple(headers))
    _map_exact(mapping, kind, sample)
    _map_near(mapping, kind)
    _map_by_values(mapping, kind, sample)
    return _completed(mapping, kind, sample)


def restored(
    kind: Kind, headers: Sequence[str], saved: MappingOf[str, Any], sample: Sequence[Sequence[str]]
) -> Mapping:
    """A person's mapping applied to these headers. Errors: `Refusal` for a name that is not there."""
    mapping = Mapping(kind.key, tuple(headers))
    places = {name: index for index, name in enumerate(numbered(mapping.headers))}
    loosely = {plain_header(name): index for name, index in reversed(places.items())}
    wanted = saved.get("columns", saved)
    for key, header in wanted.items():
        if key not in kind.by_key:
            raise NO_SUCH_FIELD.because(field=key, fields=", ".join(kind.by_key))
        index = places.get(str(header), loosely.get(plain_header(str(header))))
        if index is None:
            raise NO_SUCH_COLUMN.because(header=header)
        if index in mapping.columns.values():
            raise COLUMN_TWICE.because(header=header)
        mapping.columns[key], mapping.how[key] = index, SAVED
    mapping.orders = dict(saved.get("orders", {})) if "columns" in saved else {}
    return _completed(mapping, kind, sample)


def _completed(mapping: Mapping, kind: Kind, sample: Sequence[Sequence[str]]) -> Mapping:
    mapping.missing = [item.key for item in kind.fields if item.required and item.key not in mapping.columns]
    for item in kind.fields:
        if item.parse is values.parse_date and item.key in mapping.columns and item.key not in mapping.orders:
            proofs = {values.order_of(text) for text in _column(sample, mapping.columns[item.key])} - {""}
            if len(proofs) == 1:
                mapping.orders[item.key] = proofs.pop()
    return mapping


def _map_exact(mapping: Mapping, kind: Kind, sample: Sequence[Sequence[str]]) -> None:
    rivals: dict[str, list[int]] = {}
    for index, header in enumerate(mapping.headers):
        key = kind.words.get(plain_header(header)) if header else None
        if key:
            rivals.setdefault(key, []).append(index)
    for key, indexes in rivals.items():
        item = kind.by_key[key]
        words = [plain_header(word) for word in (item.label.zh, item.label.en, item.key, *item.synonyms)]
        best = max(indexes, key=lambda index: (
            _fits(item, _column(sample, index)), -words.index(plain_header(mapping.headers[index])), -index
        ))
        mapping.columns[key], mapping.how[key] = best, EXACT


def _map_near(mapping: Mapping, kind: Kind) -> None:
    scored = []
    for index, header in mapping.unknown:
        word = plain_header(header)
        for known, key in kind.words.items():
            if key in mapping.columns or len(word) < 2 or kind.words.get(word):
                continue
            score = fuzz.ratio(word, known)
            if len(known) >= 2 and known in word and len(known) * 2 >= len(word):
                score = max(score, 84.0)
            if score >= _NEAR_ENOUGH:
                scored.append((-score, index, key))
    for _, index, key in sorted(scored):
        if key not in mapping.columns and index not in mapping.columns.values():
            mapping.columns[key], mapping.how[key] = index, NEAR


def _map_by_values(mapping: Mapping, kind: Kind, sample: Sequence[Sequence[str]]) -> None:
    for item in kind.fields:
        if item.key in mapping.columns or item.evidence not in _LOOKS_LIKE:
            continue
        fits = [(_fits(item, _column(sample, index)), -index) for index, _ in mapping.unknown]
        if fits and max(fits)[0] >= _EVIDENT:
            mapping.columns[item.key], mapping.how[item.key] = -max(fits)[1], VALUES


def _fits(item: Field, texts: list[str]) -> float:
    """Which share of the filled cells looks like this field; 0 when nothing can be said."""
    looks_like = _LOOKS_LIKE.get(item.evidence)
    return sum(map(looks_like, texts)) / len(texts) if looks_like and texts else 0.0


def _column(sample: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index] for row in sample if index < len(row) and row[index].strip()]


def _is_id(text: str) -> bool:
    try:
        return papers.parse_paper(text).kind == papers.RESIDENT
    except Unreadable:
        return False


def _is_phone(text: str) -> bool:
    try:
        return len(values.parse_phone(text)) >= 11
    except Unreadable:
        return False


_LOOKS_LIKE = {"id": _is_id, "phone": _is_phone, "sex": lambda text: text.strip() in ("男", "女")}


def numbered(headers: Sequence[str]) -> list[str]:
    """A name for every column, told apart: `header#2` for the second of that name, `#3` without a header."""
    seen: dict[str, int] = {}
    names = []
    for index, header in enumerate(headers):
        name = header or f"#{index + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names
