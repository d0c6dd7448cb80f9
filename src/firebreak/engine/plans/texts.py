"""The places `{name}` in a text of a pack, and filling them. Knows no text by itself."""

from collections.abc import Iterable, Iterator
from string import Formatter

from firebreak.engine.plans.sections import Misfit
from firebreak.kernel.text import T


def places(text: str) -> set[str]:
    """Names of the places in a text. Errors: `ValueError` when a brace is not closed."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def misfits_of_places(path: tuple[str | int, ...], text: T, allowed: Iterable[str]) -> Iterator[Misfit]:
    """Places that nobody will fill, and braces that are not closed, in either language."""
    known = set(allowed)
    for language, written in (("zh", text.zh), ("en", text.en)):
        try:
            strange = sorted(places(written) - known)
        except ValueError:
            yield Misfit(path, T(f"文本({language})里的花括号不成对。", f"A brace is alone in the text ({language})."))
            continue
        for name in strange:
            yield Misfit(path, T(f"文本({language})里的 {{{name}}} 没有来处。",
                                 f"Nothing fills {{{name}}} in the text ({language})."))
