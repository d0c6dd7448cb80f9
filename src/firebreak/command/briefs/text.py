"""The text of a brief: paragraphs with names of figures `[rounds.sampled]`, quotes `[#3]` and pictures `[@2]`. Pure.

No number and no quotation mark stands in it but in names, years, dates and times: what is counted is taken from the books,
what is quoted or shown from what was stored.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firebreak.command.briefs.refusals import TYPED_NUMBER, TYPED_QUOTE, WORDS_MISSING

NAME = re.compile(r"\[([#@]\d{1,6}|[a-z][a-z0-9_.-]*)\]")
_MOMENT = re.compile(
    r"\d{4} ?年|\d{1,2} ?月|\d{1,2} ?[日号]|\d{1,2}:\d{2}|\d{1,2} ?时|第 ?\d+|\b20\d{2}\b(?! ?[人户栋份管支])"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
KINDS = {"#": "quote", "@": "picture"}
_QUOTES = "“”\"「」『』"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a paragraph: plain words, or the name of a figure, quote or picture."""

    kind: str
    text: str


def checked(title: str, text: str) -> tuple[str, str]:
    """Title and text without blank ends. Errors: refuses `brief-words-missing`, `brief-typed-number`, `brief-typed-quote`."""
    title, text = title.strip(), text.strip().replace("\r\n", "\n")
    if not (title and text):
        raise WORDS_MISSING.because()
    for words in (title, text):
        plain = NAME.sub("", words)
        if any(mark in plain for mark in _QUOTES):
            raise TYPED_QUOTE.because()
        if (typed := re.search(r"\d[\d,.]*", _MOMENT.sub("", plain))) is not None:
            raise TYPED_NUMBER.because(number=typed[0])
    return title, text


def paragraphs(text: str) -> list[list[Part]]:
    """The text in paragraphs, each in parts."""
    return [list(_parts(one)) for one in text.split("\n") if one.strip()]


def names_in(*texts: str) -> list[str]:
    """Names of figures, quotes and pictures, each once, in order."""
    return list(dict.fromkeys(found for text in texts for found in NAME.findall(text)))


def filled(parts: list[Part], said: Callable[[Part], dict[str, str]]) -> list[dict[str, str]]:
    """The parts as what readers see, each a JSON object."""
    return [{"kind": "words", "text": part.text} if part.kind == "words" else said(part) for part in parts]


def _parts(paragraph: str) -> Iterator[Part]:
    for place, piece in enumerate(NAME.split(paragraph)):
        if piece:
            yield Part("words" if place % 2 == 0 else KINDS.get(piece[0], "figure"), piece)
