"""Verification: do the seals hold?

`verify_files` reads the file alone: no database, no settings. `comparing.verify_database` compares the rows with
it. Both say in words what is wrong and never mend anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from firebreak.engine.journal import sealfile
from firebreak.engine.journal.sealfile import NotASeal, SealLine
from firebreak.kernel.text import T

Progress = Callable[[int, int], None]
NAMED = 50
SHORTEST_HEAD = 8

_UNREADABLE = T("第 {line} 行读不出,不是一个封存。", "Line {line} cannot be read as a seal.")
_TORN = T(
    "最后一行不完整(停电留下的),未算数;下一次封存会清掉它。",
    "The last line is incomplete (a power cut); it never counted and the next seal removes it.",
)
_WRONG_NUMBER = T(
    "第 {line} 行应是第 {line} 号封存,却是第 {number} 号。",
    "Line {line} should be seal {line} but is {number}.",
)
_BROKEN_CHAIN = T(
    "第 {number} 号封存接不上第 {before} 号:链在这里断了。",
    "Seal {number} does not follow seal {before}: the chain breaks here.",
)
_WRONG_ROOT = T(
    "第 {number} 号封存的凭证清单被改过:根算出来不同。",
    "The list of acts of seal {number} was changed: its root differs.",
)
_WRONG_HEAD = T("第 {number} 号封存被改过:链头算出来不同。", "Seal {number} was changed: its head differs.")
_WRONG_POSITION = T("第 {number} 号封存的位置与它的凭证不符。", "The position of seal {number} does not fit its acts.")
_HEAD_UNKNOWN = T(
    "打印的链头 {head} 不在链上:封存被截断或重写过。",
    "The printed head {head} is not in the chain: seals were cut off or rewritten.",
)
_HEAD_TOO_SHORT = T("请至少输入链头的前 {least} 位。", "Give at least the first {least} characters of the head.")
_NO_SEALS = T("还没有封存。", "Nothing has been sealed yet.")


@dataclass(slots=True)
class Verdict:
    """What was found. `faults` are sentences, the first broken link first; `notes` are no faults."""

    seals: int = 0
    acts: int = 0
    position: int = 0
    head: str = sealfile.FIRST
    sealed_at: datetime | None = None
    faults: list[T] = field(default_factory=list)
    fault_count: int = 0
    notes: list[T] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True when nothing is wrong."""
        return self.fault_count == 0

    @property
    def broken(self) -> T | None:
        """The first broken link, in words."""
        return self.faults[0] if self.faults else None

    def fault(self, text: T, **places: object) -> None:
        """Note one fault; only the first few are kept in words, all are counted."""
        self.fault_count += 1
        if len(self.faults) < NAMED:
            self.faults.append(text.filled(**places))


def verify_files(folder: Path, *, head: str = "", progress: Progress | None = None) -> Verdict:
    """Check the seal file of a data folder; `head` is one printed on paper, at least its first 8 characters."""
    verdict = Verdict()
    heads = [line.head for line in checked_lines(folder, verdict, progress)]
    if not heads:
        verdict.notes.append(_NO_SEALS)
    if head:
        wanted = head.strip().lower().replace(" ", "")
        if len(wanted) < SHORTEST_HEAD:
            verdict.fault(_HEAD_TOO_SHORT, least=SHORTEST_HEAD)
        elif not any(known.startswith(wanted) for known in heads):
            verdict.fault(_HEAD_UNKNOWN, head=wanted)
    return verdict


def checked_lines(folder: Path, verdict: Verdict, progress: Progress | None = None) -> Iterator[SealLine]:
    """Every readable seal in turn, with faults noted in `verdict`, which ends up naming the last seal."""
    path = sealfile.seal_file(folder)
    size = path.stat().st_size if path.exists() else 0
    before: SealLine | None = None
    for number, (end, raw) in enumerate(sealfile.lines(folder), start=1):
        if not raw.endswith(b"\n"):
            verdict.notes.append(_TORN)
            break
        try:
            line = sealfile.decoded(raw)
        except NotASeal:
            verdict.fault(_UNREADABLE, line=number)
            continue
        _check(line, before, number, verdict)
        before = line
        verdict.seals, verdict.acts = verdict.seals + 1, verdict.acts + len(line.leaves)
        verdict.position, verdict.head = line.position, line.head
        verdict.sealed_at = datetime.fromisoformat(line.sealed_at)
        if progress:
            progress(end, size)
        yield line


def _check(line: SealLine, before: SealLine | None, number: int, verdict: Verdict) -> None:
    if line.number != number:
        verdict.fault(_WRONG_NUMBER, line=number, number=line.number)
    if line.previous != (before.head if before else sealfile.FIRST):
        verdict.fault(_BROKEN_CHAIN, number=line.number, before=number - 1)
    if line.expected_root() != line.root:
        verdict.fault(_WRONG_ROOT, number=line.number)
    if line.expected_head() != line.head:
        verdict.fault(_WRONG_HEAD, number=line.number)
    floor = before.position if before else 0
    acts = [act for act, _ in line.leaves]
    rising = all(low < high for low, high in zip([floor, *acts], acts, strict=False))
    if not rising or line.position != (acts[-1] if acts else floor):
        verdict.fault(_WRONG_POSITION, number=line.number)


def verify_database(folder: Path, *, head: str = "", progress: Progress | None = None) -> Verdict:
    """Check the seal file and compare the rows of the journal with it (see `comparing`)."""
    # Imported late: checking the file alone must not need the framework.
    from firebreak.engine.journal import comparing

    return comparing.verify_database(folder, head=head, progress=progress)
