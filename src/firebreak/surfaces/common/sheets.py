"""A list as a spreadsheet file: the columns of the page, every row of its filter, streamed.

Nothing more than the page would show: names stay masked as they are for this reader. Cells that a spreadsheet would run
are defused.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse

from firebreak.kernel import clock
from firebreak.kernel.text import T, language
from firebreak.surfaces.common.shapes import AnyCell, Cell, Column, Due, Link, Mark, Owner, Parts, Person, Row
from firebreak.surfaces.common.words import Words

_LIVE_FIRST = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """A file that keeps nothing: `write` hands the line straight back."""

    def write(self, line: str) -> str:
        return line


def file_link(request: HttpRequest, url_name: str, *args: str) -> Link:
    """To the file with the filters of this page."""
    query = request.GET.copy()
    query.pop("after", None)
    return Link("CSV", reverse(url_name, args=args) + (f"?{query.urlencode()}" if query else ""))


def sheet(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> StreamingHttpResponse:
    """The rows as a CSV download; UTF-8 with a byte-order mark, so that every spreadsheet reads the Chinese."""
    answer = StreamingHttpResponse(_lines(columns, rows, language()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _lines(columns: Sequence[Column], rows: Iterable[Row], spoken: str) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow([_said(column.title, spoken) for column in columns])
    count = 0
    for row in rows:
        count += 1
        yield writer.writerow([defused(plain(cell, spoken)) for cell in row.cells])
    yield writer.writerow([_said(T("行数", "rows"), spoken), count, _said(T("截至", "as of"), spoken), clock.iso(clock.now())])


def plain(cell: AnyCell, spoken: str) -> str:
    """What a cell says, in a language (zh, en): a second line after a dot, moments in UTC."""
    match cell:
        case None:
            return ""
        case Cell():
            return _joined(spoken, cell.mark, cell.text, cell.small)
        case Due():
            return clock.iso(cell.at)
        case Owner():
            return _joined(spoken, cell.unit, cell.name)
        case Person():
            return _joined(spoken, cell.name, cell.small)
        case Mark():
            return _said(cell.word, spoken) or cell.kind
        case Parts():
            return f"{cell.done}/{cell.due}"
        case Link():
            return _said(cell.text, spoken)
        case datetime():
            return clock.iso(cell)
        case _:
            return _said(cell, spoken)


def defused(text: str) -> str:
    """A quote before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_LIVE_FIRST) else text


def _joined(spoken: str, *words: Words) -> str:
    return " · ".join(text for one in words if (text := _said(one, spoken)))


def _said(words: Words, spoken: str) -> str:
    if isinstance(words, T):
        return words.zh if spoken == "zh" else words.en
    return str(words)
