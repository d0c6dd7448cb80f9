"""A finding: something that is wrong with this installation, and its mend, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNSAFE_START = RefusalKind(
    "unsafe-start",
    T("没有启动。{what} 怎么办:{mend}", "Not started. {what} What to do: {mend}"),
)

NOT_READY = RefusalKind(
    "not-ready",
    T("没有执行。{what} 怎么办:{mend}", "Not done. {what} What to do: {mend}"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is kebab-case and stable. A grave finding keeps the program from starting."""

    code: str
    text: T
    mend: T
    grave: bool = False


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A finding as declared: `KEYS_OPEN.found(path=…)`."""

    code: str
    text: T
    mend: T
    grave: bool = False

    def found(self, **places: object) -> Finding:
        """The finding, with its places filled."""
        return Finding(self.code, self.text.filled(**places), self.mend.filled(**places), self.grave)


def refuse_grave(findings: Iterable[Finding], refusal: RefusalKind = UNSAFE_START) -> None:
    """Refuse with the first grave finding."""
    for finding in findings:
        if finding.grave:
            raise refusal.because(what=finding.text, mend=finding.mend, finding=finding.code)
