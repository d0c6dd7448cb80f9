"""Reads of adopted plans."""

from collections.abc import Callable
from functools import lru_cache

from django.db.models import QuerySet

from firebreak.engine.plans.loader import load_content
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.kernel.refusals import NOT_FOUND

_followed: list[Callable[[], str | None]] = []


def adopted_plans() -> QuerySet[AdoptedPlan]:
    """Every adopted plan, latest first, without its content."""
    return AdoptedPlan.objects.defer("content").order_by("-adopted_at", "-id")


def latest_plan(pack: str = "") -> AdoptedPlan | None:
    """The plan adopted last, of one pack or of all."""
    rows = adopted_plans()
    return (rows.filter(pack=pack) if pack else rows).first()


def adopted_plan(ref: str) -> AdoptedPlan:
    """One adopted plan, without its content. One query. Errors: refuses `not-found`."""
    row = adopted_plans().filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def register_followed(find: Callable[[], str | None]) -> None:
    """Say which adopted plan is followed now, by its ref; called once, by whoever knows of responses."""
    _followed[:] = [find]


def followed_pack() -> Pack | None:
    """The plan in use, as whoever knows of responses says; an amendment adopted but not agreed to is not. Three queries."""
    ref = next((find() for find in _followed), None)
    return adopted(ref) if ref else None


def adopted(ref: str) -> Pack:
    """The pack as it was adopted. One query. Errors: refuses `not-found`."""
    content_hash = AdoptedPlan.objects.filter(ref=ref).values_list("content_hash", flat=True).first()
    if content_hash is None:
        raise NOT_FOUND.because()
    return _pack(content_hash)


@lru_cache(maxsize=8)
def _pack(content_hash: str) -> Pack:
    """A pack by its hash; what was adopted never changes, so it is read once per process."""
    return load_content(AdoptedPlan.objects.get(content_hash=content_hash).content)
