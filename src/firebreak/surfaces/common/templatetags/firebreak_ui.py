"""The components as template tags. Each draws one shape of `surfaces.common.shapes`; none asks the database.

The page for those who use them is docs/reference/components.md.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorList
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from firebreak.kernel import clock
from firebreak.kernel.text import T, language
from firebreak.surfaces.common import labels, marks, plots, shapes, toasts, words

register = template.Library()
PARTS = "firebreak/components/"


@register.simple_tag(name="t")
def t(zh: str, en: str, en1: str = "", **values: Any) -> str:
    """The text in the reader's language; `{name}` places are filled, ints with separators."""
    chosen = zh if language() == "zh" else (en1 if en1 and values.get("n") == 1 else en)
    if not values:
        return chosen
    filled = {name: conditional_escape(words.said(value)) for name, value in values.items()}
    return mark_safe(escape(chosen).format_map(filled))  # noqa: S308  every part was escaped above


@register.filter(name="number")
def number_filter(value: int | float) -> str:
    """68412 → 68,412."""
    return words.number(value)


@register.filter(name="said")
def said_filter(value: words.Words) -> str:
    """Words or a count, as the reader sees it."""
    return words.said(value)


@register.filter(name="share")
def share_filter(part: int, whole: int) -> str:
    """`{{ done|share:due }}` → 96.1%."""
    return words.share(part, whole)


@register.filter(name="clock")
def clock_filter(moment: datetime) -> str:
    """21:40."""
    return words.clock_time(moment)


@register.filter(name="seconds")
def seconds_filter(moment: datetime) -> str:
    """21:39:52."""
    return words.clock_seconds(moment)


@register.filter(name="moment")
def moment_filter(moment: datetime) -> str:
    """21:40 today, else with its day."""
    return str(words.moment_text(moment, clock.now()))


@register.filter(name="day")
def day_filter(day: date) -> str:
    """2022年6月8日 周三 / Wed 8 June 2022."""
    return str(words.day_text(day))


@register.filter(name="span")
def span_filter(seconds: float) -> str:
    """2 小时 20 分 / 2 h 20 min."""
    return str(words.span(seconds))


@register.inclusion_tag(PARTS + "icon.html")
def icon(name: str, label: str = "") -> dict[str, Any]:
    """An icon of the sprite; without a label it is hidden from screen readers."""
    return {"name": name, "label": label}


@register.simple_block_tag(takes_context=True)
def answer(
    context: RequestContext,
    content: str,
    calm: words.Words = "",
    alarm: words.Words = "",
    as_of: datetime | None = None,
    tone: str = "",
) -> SafeString:
    """The sentence at the top of a page; what stands between the tags is the line below it."""
    return _drawn(
        "answer",
        {
            "calm": calm,
            "alarm": alarm,
            "gap": " " if language() == "en" else "",
            "as_of": as_of,
            "note": content,
            "tone": tone,
        },
    )


@register.inclusion_tag(PARTS + "books.html")
def book_strip(books: list[shapes.Book]) -> dict[str, Any]:
    """One strip for every ledger: figure, bar, what is late."""
    return {"books": [(book, plots.book_segments(book)) for book in books]}


@register.inclusion_tag(PARTS + "listing.html", takes_context=True)
def listing(context: RequestContext, table: shapes.Listing) -> dict[str, Any]:
    """A list with chips, totals, exports and pagination by key."""
    rows = [
        (
            row,
            list(zip(table.columns, row.cells, strict=True)),
            bool(row.href) and not isinstance(row.cells[0], shapes.Person),
        )
        for row in table.rows
    ]
    empty = table.empty or T("这里现在没有内容。", "Nothing here now.")
    return {**_passed(context), "table": table, "rows": rows, "empty": empty}


@register.inclusion_tag(PARTS + "chips.html")
def chips(items: list[shapes.Chip]) -> dict[str, Any]:
    """Filters that live in the URL."""
    return {"chips": items}


@register.inclusion_tag(PARTS + "pages.html")
def key_pages(page: shapes.KeyPage) -> dict[str, Any]:
    """Pagination by key."""
    return {"page": page}


@register.inclusion_tag(PARTS + "cell.html", takes_context=True)
def cell(context: RequestContext, value: shapes.AnyCell) -> dict[str, Any]:
    """Whatever a row carries, drawn by its shape."""
    kind, shown = _kind(value)
    return {**_passed(context), "kind": kind, "value": shown}


@register.inclusion_tag(PARTS + "building_bar.html")
def building_bar(parts: shapes.Parts, slim: bool = False) -> dict[str, Any]:
    """The 100 % bar with letters; `slim` for table cells."""
    return {"parts": parts, "segments": plots.part_segments(parts), "slim": slim}


@register.inclusion_tag(PARTS + "building_bars.html")
def building_bars(rows: list[shapes.BuildingRow], question: words.Words) -> dict[str, Any]:
    """Bars of many buildings under one question, with the key of letters and the table behind a click."""
    drawn = [(row, plots.part_segments(row.parts)) for row in rows]
    return {"rows": drawn, "question": question, "legend": [words_ for _, words_ in marks.BAR_ORDER]}


@register.inclusion_tag(PARTS + "burn_down.html")
def burn_down(plot: shapes.BurnDown) -> dict[str, Any]:
    """People left against the deadline, with the forecast band."""
    return {"plot": plot, "curve": plots.burn_down_curve(plot)}


@register.inclusion_tag(PARTS + "epi_curve.html")
def epi_curve(plot: shapes.EpiCurve) -> dict[str, Any]:
    """Cases by day."""
    return {"plot": plot, "bars": plots.day_bars(plot), "most": max(c + s for _, c, s in plot.days)}


@register.inclusion_tag(PARTS + "swim_lanes.html")
def swim_lanes(plot: shapes.SwimLanes) -> dict[str, Any]:
    """Orders by unit over time, with their deadlines."""
    return {"plot": plot, "swim": plots.swim_lanes(plot)}


@register.inclusion_tag(PARTS + "meter.html")
def balance_meter(meter: shapes.Meter) -> dict[str, Any]:
    """The line that must stay at 0."""
    line, last_y, last = plots.meter_line(meter)
    return {"meter": meter, "line": line, "last_y": last_y, "last": last, "size": abs(last)}


@register.inclusion_tag(PARTS + "progress.html")
def progress(done: int, total: int, label: words.Words = "", tone: str = "") -> dict[str, Any]:
    """A plain bar with its two numbers."""
    return {"done": done, "total": total, "label": label, "tone": tone, "width": words.percent(done, total)}


@register.inclusion_tag(PARTS + "map.html")
def district_map(frame: shapes.MapFrame, words: int = 46) -> dict[str, Any]:
    """The quiet district map in SVG; its width holds `words` characters (fewer on the wall, so larger)."""
    size = round(frame.width / words, 2)
    zones = [(zone, marks.mark_words(zone.tier)) for zone in frame.zones]
    return {"map": frame, "zones": zones, "labels": labels.place_labels(frame, size), "size": size}


@register.inclusion_tag(PARTS + "due.html")
def due(value: shapes.Due | datetime) -> dict[str, Any]:
    """The time-left chip."""
    limit = value if isinstance(value, shapes.Due) else shapes.Due(value)
    if limit.ended_at is not None:
        late = limit.ended_at > limit.at
        return {"at": limit.at, "ended_at": limit.ended_at, "tone": "quiet", "late": late}
    tone, text = words.time_left(limit.at, clock.now(), limit.soon_minutes)
    return {"at": limit.at, "tone": tone, "text": text}


@register.inclusion_tag(PARTS + "owner.html")
def owner(value: shapes.Owner) -> dict[str, Any]:
    """Who has it, with the call button."""
    return {"owner": value, "dial": re.sub(r"[^0-9+]", "", value.phone)}


@register.inclusion_tag(PARTS + "person.html", takes_context=True)
def person(context: RequestContext, value: shapes.Person) -> dict[str, Any]:
    """A name, masked or not, with the way to unmask it."""
    return {**_passed(context), "person": value}


@register.inclusion_tag(PARTS + "mark.html")
def mark(
    kind: str,
    count: int | None = None,
    wordy: bool = True,
    word: words.Words = "",
    letter: str = "",
) -> dict[str, Any]:
    """A letter badge with its word."""
    return {"mark": marks.mark_words(kind, word, letter), "count": count, "wordy": wordy}


@register.inclusion_tag(PARTS + "confirm.html", takes_context=True)
def confirm(context: RequestContext, value: shapes.Confirm) -> dict[str, Any]:
    """The panel of a decision two people take, with its effect in numbers."""
    return {**_passed(context), "confirm": value}


@register.inclusion_tag(PARTS + "toasts.html", takes_context=True)
def toast_list(context: RequestContext, oob: bool = False) -> dict[str, Any]:
    """What was just done, with Undo for ten seconds; `oob=True` in an htmx answer."""
    return {**_passed(context), "toasts": toasts.waiting(context.get("request")), "oob": oob}


@register.inclusion_tag(PARTS + "error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All errors of a form on top, each a link to its field; receives focus."""
    rows = [(form[name] if name in form.fields else None, errors) for name, errors in form.errors.items()]
    return {"rows": rows, "count": sum(len(errors) for _, errors in rows)}


@register.simple_tag
def error_title(form: BaseForm | None = None) -> str:
    """`错误:` before the page title when the form came back."""
    return str(T("错误:", "Error: ")) if form is not None and form.errors else ""


@register.inclusion_tag(PARTS + "field.html")
def field(bound: BoundField, hint: words.Words = "", wide: bool = False, optional: bool = False) -> dict[str, Any]:
    """A form field with label, hint and its error."""
    errors: ErrorList = bound.errors
    described = [f"{bound.id_for_label}-hint"] if hint or bound.help_text else []
    described += [f"{bound.id_for_label}-error"] if errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if errors:
        attrs["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "textarea")
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "hint": hint or bound.help_text,
        "errors": errors,
        "wide": wide,
        "optional": optional,
        "kind": kind,
    }


def _state(kind: str) -> Callable[..., dict[str, Any]]:
    def draw(
        happened: words.Words,
        safe: words.Words = "",
        do: words.Words = "",
        href: str = "",
        action: words.Words = "",
        as_of: datetime | None = None,
    ) -> dict[str, Any]:
        """What happened, what is safe, what to do."""
        return {
            "kind": kind,
            "happened": happened,
            "rest": words.sentences(safe, do),
            "href": href,
            "action": action,
            "as_of": as_of,
        }

    return draw


for _kind_of_state in ("empty", "error", "offline"):
    register.inclusion_tag(PARTS + "state.html", name=f"{_kind_of_state}_state")(_state(_kind_of_state))


@register.inclusion_tag(PARTS + "skeleton.html")
def skeleton(rows: int = 5, columns: int = 4, text: words.Words = "") -> dict[str, Any]:
    """Grey lines in the place of rows that are coming."""
    return {"rows": range(rows), "columns": range(columns), "text": text}


def _kind(value: shapes.AnyCell) -> tuple[str, object]:
    """The branch of cell.html that draws `value`."""
    names: dict[type, str] = {
        shapes.Cell: "text",
        shapes.Due: "due",
        shapes.Owner: "owner",
        shapes.Person: "person",
        shapes.Mark: "mark",
        shapes.Parts: "parts",
        shapes.Link: "link",
        datetime: "moment",
    }
    if value is None:
        return "none", ""
    return names.get(type(value), "words"), value


def _passed(context: RequestContext) -> dict[str, Any]:
    """What a part needs of the page around it: the token of forms and the request."""
    return {"csrf_token": context.get("csrf_token"), "request": context.get("request")}


def _drawn(part: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"{PARTS}{part}.html", context)
