"""Who acts. Actions take an `Actor`; `engine/access` makes one from an account and its grants."""

from dataclasses import dataclass
from typing import Protocol

from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_PERMITTED


class Actor(Protocol):
    """Somebody with rights. Areas and units are paths such as `/HT/HT-03/`; a right covers all below it."""

    @property
    def ref(self) -> Ref: ...

    @property
    def name(self) -> str: ...

    def may(self, permission: str, *, area: str = "", unit: str = "") -> bool:
        """Whether the right is held over this area and unit; an empty path asks "anywhere at all"."""
        ...

    def require(self, permission: str, *, area: str = "", unit: str = "") -> None:
        """Refuse with `not-permitted` unless `may`."""
        ...

    def areas(self, permission: str) -> tuple[str, ...]:
        """The area paths over which the right is held; empty when it is not held at all."""
        ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The program itself (deadlines, reactions, seals): a named part with a short list of rights everywhere."""

    part: str
    rights: frozenset[str]

    @property
    def ref(self) -> Ref:
        return Ref(f"system:{self.part}")

    @property
    def name(self) -> str:
        return f"Firebreak ({self.part})"

    def may(self, permission: str, *, area: str = "", unit: str = "") -> bool:
        return permission in self.rights

    def require(self, permission: str, *, area: str = "", unit: str = "") -> None:
        if not self.may(permission, area=area, unit=unit):
            raise NOT_PERMITTED.because(permission=permission)

    def areas(self, permission: str) -> tuple[str, ...]:
        return ("/",) if permission in self.rights else ()
