"""What each kind of proposal does. Domains register here when Django starts; approvals import none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref

Execute = Callable[[Proposal, Actor, datetime], Ref | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`execute` runs inside the act of the approval. `reverse` takes it back when the second person says no
    to what one person had confirmed alone; a kind without it cannot be confirmed alone."""

    execute: Execute
    reverse: Execute | None = None


_kinds: dict[str, Kind] = {}


def register(kind: str, execute: Execute, reverse: Execute | None = None) -> None:
    """Say what a kind of proposal does. Errors: `ValueError` on a second one of the same name."""
    if kind in _kinds:
        raise ValueError(f"kind of proposal registered twice: {kind}")
    _kinds[kind] = Kind(execute, reverse)


def kind_of(proposal: Proposal) -> Kind:
    """What approving this proposal does. Errors: `KeyError`."""
    return _kinds[proposal.kind]
