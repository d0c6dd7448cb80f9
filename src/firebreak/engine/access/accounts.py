"""Queries over accounts and their grants: the list, one account, who holds a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch

from firebreak.engine.access import scope
from firebreak.engine.access.models import Account, Grant, Invitation
from firebreak.engine.access.roles import BY_KEY, Role
from firebreak.kernel.refs import Ref, make_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant in words. `state`: coming, running or over, at the moment asked."""

    ref: Ref
    role: Role
    area: T
    area_code: str
    unit: str
    begins_at: datetime
    ends_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as administrators see it. `entered` tells whether a password was ever set."""

    ref: Ref
    username: str
    name: str
    active: bool
    entered: bool
    seen_at: datetime | None
    slip_until: datetime | None
    member_ref: str
    grants: tuple[GrantView, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles running now, each once."""
        return tuple({grant.role.key: grant.role for grant in self.grants if grant.state == "running"}.values())


def list_accounts(now: datetime, *, text: str = "", after: str = "", limit: int = 50) -> tuple[list[AccountView], str]:
    """Accounts by user name, and the name to go on from ("" = no more). Four queries."""
    rows = Account.objects.order_by("username")
    if text:
        rows = rows.filter(scope.prefixed("username", text) | scope.prefixed("name", text))
    if after:
        rows = rows.filter(username__gt=after)
    page = list(rows[: limit + 1])
    more = page[limit - 1].username if len(page) > limit else ""
    return _views(page[:limit], now), more


def account(ref: Ref, now: datetime) -> AccountView:
    """One account with all its grants. Refuses `not-found`. Four queries."""
    row = Account.objects.filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return _views([row], now)[0]


def by_refs(refs: Sequence[str], now: datetime) -> list[AccountView]:
    """These accounts by user name. Four queries, however many."""
    return _views(list(Account.objects.filter(ref__in=refs)), now)


def _views(rows: Sequence[Account], now: datetime) -> list[AccountView]:
    keys = [row.pk for row in rows]
    full = list(
        Account.objects.filter(pk__in=keys).order_by("username").annotate(seen_at=Max("sign_ins__seen_at"))
        .prefetch_related(
            Prefetch("grants", Grant.objects.select_related("area").order_by("-begins_at", "-id")),
            Prefetch("invitations", Invitation.objects.filter(used_at=None, expires_at__gt=now), to_attr="open_slips"),
        )
    )
    return [
        AccountView(
            Ref(row.ref), row.username, row.name, row.is_active, row.has_usable_password(), row.seen_at,
            max((slip.expires_at for slip in row.open_slips), default=None), row.member_ref,
            tuple(_grant(grant, now) for grant in row.grants.all() if grant.role in BY_KEY),
        )
        for row in full
    ]


def _grant(grant: Grant, now: datetime) -> GrantView:
    area = grant.area
    over = grant.ends_at is not None and grant.ends_at <= now
    return GrantView(
        make_ref("grant", grant.pk), BY_KEY[grant.role],
        T(area.name_zh, area.name_en or area.name_zh) if area else T("全部辖区", "everywhere"),
        area.code if area else "", grant.unit_path, grant.begins_at, grant.ends_at,
        "over" if over else "coming" if grant.begins_at > now else "running",
    )
