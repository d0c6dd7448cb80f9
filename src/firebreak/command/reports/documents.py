"""The daily report as a document, made from its published JSON alone: the same bytes and language, the same document.

Figures, words and their order are those of the JSON; nothing is counted here. `renderings` puts it into files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.kernel.text import Language, T

BOOK_SIDES = ("owed", "done", "excused", "open", "overdue", "unowned", "difference")
_SIDE_WORDS = (
    T("应有", "Owed"), T("完成", "Done"), T("豁免", "Excused"), T("未完", "Open"), T("逾期", "Late"), T("无主", "Unowned"),
    T("差额", "Difference"),
)
_TITLE = T("{district}疫情防控日报", "Daily outbreak report, {district}")
_LEAD = T("{day} · 截至 {cutoff} · {response}", "{day} · as of {cutoff} · {response}")
_DRILL = T("演练 · 人物与地点均为虚构", "DRILL · people and places are invented")
_BALANCED = T(
    "应有 = 完成 + 豁免(有理由)+ 未完(有责任人)。各账均平。",
    "Owed = done + excused (with a reason) + open (with an owner). Every book balances.",
)
_NOTES = (
    T("日志封存值 {head}", "Journal head {head}"),
    T("预案 {plan},SHA-256 {sha}", "Plan {plan}, SHA-256 {sha}"),
    T("文号 {number}", "Document {number}"),
    T("依据 {basis}", "Legal basis: {basis}"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Words and figures in rows; an int stands right. `tags` are the HXL hashtags of the columns."""

    caption: str
    columns: tuple[str, ...]
    tags: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language: what stands on top, the tables, what it stands on. `at` is its cut-off."""

    language: Language
    title: str
    lead: str
    drill: str
    books: Table
    figures: Table
    notes: tuple[str, ...]
    at: datetime
    said: str


def document(content: Mapping[str, Any], language: Language) -> Document:
    """The document of a report's JSON. Errors: `KeyError` when it is no daily report."""
    at = datetime.fromisoformat(content["cutoff_at"].replace("Z", "+00:00"))
    cutoff = at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
    district, response = T(content["district_zh"], content["district_en"]), T(content["response_zh"], content["response_en"])
    filled = {
        "head": content["journal_head"], "plan": content["plan"], "sha": content["plan_sha256"],
        "number": content["document_number"], "basis": content["legal_basis"],
    }
    return Document(
        language=language, title=_in(_TITLE.filled(district=district), language),
        lead=_in(_LEAD.filled(day=content["day"], cutoff=cutoff, response=response), language),
        drill=_in(_DRILL, language) if content["drill"] else "", said=_in(_BALANCED, language),
        books=_books(content["ledgers"], language), figures=_figures(content["figures"], language),
        notes=tuple(_in(note.filled(**filled), language) for note in _NOTES), at=at,
    )


def _books(ledgers: list[dict[str, Any]], language: Language) -> Table:
    return Table(
        caption=_in(T("账本", "The books"), language),
        columns=(_in(T("账本", "Book"), language), *(_in(word, language) for word in _SIDE_WORDS)),
        tags=("#indicator+name", *(f"#indicator+num+{side}" for side in BOOK_SIDES)),
        rows=tuple((one[language], *(one[side] for side in BOOK_SIDES)) for one in ledgers),
    )


def _figures(figures: list[dict[str, Any]], language: Language) -> Table:
    return Table(
        caption=_in(T("数字", "Figures"), language),
        columns=tuple(
            _in(word, language)
            for word in (T("代码", "Code"), T("项目", "Figure"), T("数量", "Value"), T("单位", "Unit"))
        ),
        tags=("#indicator+code", "#indicator+name", "#indicator+num", "#indicator+unit"),
        rows=tuple((one["name"], one[language], one["value"], one[f"unit_{language}"]) for one in figures),
    )


def _in(words: T, language: Language) -> str:
    return words.zh if language == "zh" else words.en
