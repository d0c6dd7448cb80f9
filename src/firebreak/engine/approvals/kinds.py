"""What each kind of proposal does. Domains register here when Django starts; approvals import none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref

Execute = Callable[[Proposal, Actor, datetime], Ref | None]
GiveUp = Callable[[Proposal, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`execute` runs inside the act of the approval. `reverse` takes it back when the second person says no
    to what one person had confirmed alone; a kind without it cannot be confirmed alone. `give_up` runs inside the
    act that ends a proposal of which nothing happened (refused, withdrawn, dropped, expired): whatever the domain
    had prepared for it ends there too."""

    execute: Execute
    reverse: Execute | None = None
    give_up: GiveUp | None = None


_kinds: dict[str, Kind] = {}


def register(
    kind: str, execute: Execute, reverse: Execute | None = None, give_up: GiveUp | None = None
) -> None:
    """Say what a kind of proposal does. Errors: `ValueError` on a second one of the same name."""
    if kind in _kinds:
        raise ValueError(f"kind of proposal registered twice: {kind}")
    _kinds[kind] = Kind(execute, reverse, give_up)


def kind_of(proposal: Proposal) -> Kind:
    """What approving or ending this proposal does. Errors: `KeyError`."""
    return _kinds[proposal.kind]
