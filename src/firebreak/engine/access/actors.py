"""From an account to an `Actor`: its grants in force at one moment, asked by right, area and unit.

Grants are judged at ledger time, so a drill and a late report are judged by what was granted then. Sessions
know nothing of this: they run on real time (`sessions`). Costs one query per actor, or one for many.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from firebreak.engine.access.models import Account, Grant
from firebreak.engine.access.roles import BY_KEY, Role
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_PERMITTED

EVERYWHERE = "/"


@dataclass(frozen=True, slots=True)
class Held:
    """A role in force: over `area` and below, within `unit` and below ("" when the grant names no unit)."""

    role: Role
    area: str
    unit: str

    def covers(self, permission: str, area: str, unit: str) -> bool:
        """Whether this grant gives the right there; an empty path asks "anywhere at all"."""
        return (
            permission in self.role.rights
            and (not area or area.startswith(self.area))
            and (not unit or not self.unit or unit.startswith(self.unit))
        )


@dataclass(frozen=True, slots=True)
class AccountActor:
    """A signed-in person, or the person behind a device, with the grants of one moment."""

    ref: Ref
    name: str
    account_id: int
    member_ref: str
    held: tuple[Held, ...]
    _answered: dict[tuple[str, str, str], bool] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was asked before: a batch asks the same of each of its events."""

    def may(self, permission: str, *, area: str = "", unit: str = "") -> bool:
        asked = permission, area, unit
        if asked not in self._answered:
            self._answered[asked] = any(grant.covers(*asked) for grant in self.held)
        return self._answered[asked]

    def require(self, permission: str, *, area: str = "", unit: str = "") -> None:
        if not self.may(permission, area=area, unit=unit):
            raise NOT_PERMITTED.because(permission=permission)

    def areas(self, permission: str) -> tuple[str, ...]:
        """The widest area paths of the right, none inside another."""
        paths = sorted({grant.area for grant in self.held if permission in grant.role.rights})
        return tuple(path for path in paths if not any(path != up and path.startswith(up) for up in paths))

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles held, each once, in the order of the catalogue."""
        keys = {grant.role.key for grant in self.held}
        return tuple(found for key, found in BY_KEY.items() if key in keys)

    @property
    def second_factor(self) -> bool:
        """Whether a role held asks for a code from the person's phone."""
        return any(role.second_factor for role in self.roles)

    @property
    def rights(self) -> frozenset[str]:
        """Every right held anywhere."""
        return frozenset().union(*(grant.role.rights for grant in self.held))


def actor_of(account: Account, at: datetime | None = None) -> AccountActor:
    """The account as an actor at `at` (now when absent). One query. A disabled account holds nothing."""
    moment = at or clock.now()
    grants = _in_force(moment).filter(account=account) if account.is_active else Grant.objects.none()
    return _actor(account, grants)


def actors_of(refs: Iterable[str], at: datetime | None = None) -> dict[str, AccountActor]:
    """Actors by account ref, two queries however many; unknown and disabled accounts are absent."""
    accounts = {row.pk: row for row in Account.objects.filter(ref__in=set(refs), is_active=True)}
    grants: dict[int, list[Grant]] = {key: [] for key in accounts}
    for grant in _in_force(at or clock.now()).filter(account_id__in=accounts):
        grants[grant.account_id].append(grant)
    return {row.ref: _actor(row, grants[key]) for key, row in accounts.items()}


def holders_of(permission: str, at: datetime | None = None) -> list[Account]:
    """Active accounts that hold a right anywhere, by name. One query."""
    roles = [role.key for role in BY_KEY.values() if permission in role.rights]
    granted = _in_force(at or clock.now()).filter(role__in=roles).values("account_id")
    return list(Account.objects.filter(is_active=True, id__in=granted).order_by("name", "id"))


def _in_force(at: datetime) -> QuerySet[Grant]:
    return Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), begins_at__lte=at).select_related("area")


def _actor(account: Account, grants: Iterable[Grant]) -> AccountActor:
    held = tuple(
        Held(BY_KEY[grant.role], grant.area.path if grant.area else EVERYWHERE, grant.unit_path)
        for grant in grants
        if grant.role in BY_KEY
    )
    return AccountActor(Ref(account.ref), account.name, account.pk, account.member_ref, held)
