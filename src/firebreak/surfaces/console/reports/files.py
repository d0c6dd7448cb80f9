"""Rows of a figure as CSV (with an HXL row) and JSON, streamed. Cells that a spreadsheet would run are defused."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from firebreak.engine.ledgers.registry import Figure
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T
from firebreak.surfaces.common.sheets import Line, defused

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def as_csv(figure: Figure, cutoff: Cutoff) -> Iterator[str]:
    """UTF-8 with a byte-order mark: headers, an HXL row, the rows, and a last line with their count."""
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow([str(title) for title in figure.columns.values()])
    yield writer.writerow([figure.hxl.get(key, "") for key in figure.columns])
    count = 0
    for row in figure.rows(cutoff):
        count += 1
        yield writer.writerow([defused(text_of(row.get(key))) for key in figure.columns])
    yield writer.writerow([str(T("行数", "rows")), count, str(T("截至", "as of")), clock.iso(cutoff.at)])


def as_json(figure: Figure, cutoff: Cutoff) -> Iterator[str]:
    """One object with the figure's words, cut-off and rows."""
    head = {"figure": figure.name, "zh": figure.title.zh, "en": figure.title.en, "as_of": clock.iso(cutoff.at)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    count = 0
    for count, row in enumerate(figure.rows(cutoff), start=1):
        yield ("" if count == 1 else ",\n") + json.dumps(
            {key: plain(row.get(key)) for key in figure.columns}, ensure_ascii=False
        )
    yield f'], "count": {count}}}\n'


def text_of(value: Any) -> str:
    """A cell's text; moments in UTC so that a file reads the same everywhere."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return clock.iso(value)
    return str(value)


def plain(value: Any) -> Any:
    """A cell as a JSON value; a `T` gives both languages."""
    if isinstance(value, T):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, int | float | None) else text_of(value)


def shown(value: Any) -> Any:
    """A cell as a page shows it: moments in district time, days as text, all else as the components know it."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | str | datetime | T | None) else str(value)
