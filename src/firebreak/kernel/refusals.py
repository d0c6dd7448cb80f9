"""A refusal: the program says no, says why in both languages, and nothing has changed.

Each domain declares its refusals once, as data; an action raises one of them filled with its figures.
"""

from dataclasses import dataclass

from firebreak.kernel.text import T


class Refusal(Exception):
    """A lawful no. `code` is kebab-case and stable; `text` says what happened, what is safe, what to do."""

    def __init__(self, code: str, text: T, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """A refusal as declared in a domain: `raise NOT_OPEN.because(status=row.status)`."""

    code: str
    text: T

    def because(self, **facts: object) -> Refusal:
        """The exception, with its places filled."""
        return Refusal(self.code, self.text.filled(**facts), **facts)


NOT_PERMITTED = RefusalKind(
    "not-permitted",
    T(
        "您的岗位没有这项权限,没有任何改动。需要时请值班员指派。",
        "Your post does not carry this right; nothing was changed. Ask the duty officer to assign it.",
    ),
)
NOT_FOUND = RefusalKind(
    "not-found",
    T("没有找到,或不在您的辖区内。请核对编号。", "Not found, or not within your area. Check the number."),
)
