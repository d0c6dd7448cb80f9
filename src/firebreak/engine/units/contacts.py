"""How to reach a member: the telephone number, sealed in the store and opened only to send or to print."""

from collections.abc import Iterable

from django.conf import settings

from firebreak.engine.units.models import Member


def seal_phone(number: str, member: str) -> bytes:
    """A number as it is stored: bound to its member, unreadable without the keys."""
    sealed: bytes = settings.VAULT.seal(number.encode(), about=member.encode())
    return sealed


def recipient_address(member: Member) -> str:
    """The number of a member; empty when none is known."""
    if member.phone_sealed is None:
        return ""
    plain: bytes = settings.VAULT.open(member.phone_sealed, about=member.ref.encode())
    return plain.decode()


def addresses(members: Iterable[Member]) -> dict[str, str]:
    """Member ref → number, for many."""
    return {member.ref: recipient_address(member) for member in members}
