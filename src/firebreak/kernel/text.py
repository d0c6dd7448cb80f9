"""One sentence in both languages, chosen when it is shown, never when it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_language: ContextVar[Language] = ContextVar("language", default="zh")


@dataclass(frozen=True, slots=True)
class T:
    """A text in Chinese and English; `str()` gives the one the reader asked for."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if _language.get() == "zh" else self.en

    def filled(self, **values: object) -> "T":
        """The same text with `{name}` places filled; a value that is itself a `T` is filled per language."""
        return T(zh=self.zh.format(**_in("zh", values)), en=self.en.format(**_in("en", values)))


def _in(language: Language, values: dict[str, object]) -> dict[str, object]:
    return {name: getattr(value, language) if isinstance(value, T) else value for name, value in values.items()}


def language() -> Language:
    """The language of the present reader."""
    return _language.get()


def speak(chosen: Language) -> None:
    """Choose the language for the rest of this context (a request, a command)."""
    _language.set(chosen)


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Choose the language for a block."""
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)
