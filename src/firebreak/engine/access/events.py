"""What access journals: refs, roles, counts. Never a name, a code or a password."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """An account exists; it can do nothing yet."""

    member: str


@dataclass(frozen=True, slots=True)
class AccountDisabled:
    """The account is closed and its sessions ended."""

    reason: str
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class AccountEnabled:
    """A disabled account was opened again."""

    reason: str


@dataclass(frozen=True, slots=True)
class AccountTied:
    """The account belongs to this member of the roster; empty: to none of them."""

    member: str


@dataclass(frozen=True, slots=True)
class InvitationsMade:
    """Slips were printed; each sets a first password once."""

    accounts: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """A first password was set from a slip, or the owner changed theirs."""

    way: str
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class AccessReset:
    """Somebody else started a reset: the old password and second factor are gone, a slip is due."""

    reason: str
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A role over an area and a unit, for a time."""

    grant: str
    role: str
    area: str
    unit: str
    begins_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantEnded:
    """The role is no longer held."""

    grant: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session began."""

    way: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Sessions ended before their time."""

    sessions: int
    way: str


@dataclass(frozen=True, slots=True)
class SecondFactorEnrolled:
    """A phone now confirms this account's sign-ins."""


@dataclass(frozen=True, slots=True)
class LockoutLifted:
    """Failed attempts against a user name were forgotten."""

    attempts: int


@dataclass(frozen=True, slots=True)
class PersonalRead:
    """Personal data were shown on one page or list: which page, which fields, how many people, and why."""

    page: str
    fields: tuple[str, ...]
    people: int
    reason: str


@dataclass(frozen=True, slots=True)
class PersonUnmasked:
    """One field group of one person was shown in full, for a reason the reader gave."""

    field: str
    reason: str
