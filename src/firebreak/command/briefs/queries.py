"""Reads of news briefs."""

from django.db.models import QuerySet

from firebreak.command.briefs.models import Brief, BriefPicture, BriefVersion, PublishedBrief, Quote
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND


def briefs(response: str) -> QuerySet[Brief]:
    """Briefs of a response, the latest first."""
    rows = Brief.objects.filter(response__ref=response).select_related("published", "published__withdrawal", "response")
    return rows.prefetch_related("versions").order_by("-number")


def find(ref: Ref) -> Brief:
    """One brief. Errors: refuses `not-found`."""
    row = Brief.objects.select_related("response__area", "response__plan", "published").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def versions(brief: Brief) -> list[BriefVersion]:
    """Every version, the author's first. One query."""
    return list(brief.versions.order_by("id"))


def quotes(response: str) -> QuerySet[Quote]:
    """Quotes of a response, the latest first."""
    return Quote.objects.filter(response__ref=response).order_by("-number")


def pictures(response: str) -> QuerySet[BriefPicture]:
    """Pictures that may be published in a response, the latest first."""
    return BriefPicture.objects.filter(response__ref=response).select_related("picture").order_by("-number")


def stored_picture(ref: Ref) -> BriefPicture:
    """A picture that may be published, by the ref it is kept under. Errors: refuses `not-found`."""
    row = BriefPicture.objects.select_related("response__area").filter(picture__ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def public_picture(ref: Ref) -> BriefPicture:
    """A picture that stands in a brief which is out. Errors: refuses `not-found`."""
    shown = BriefPicture.objects.filter(
        picture__ref=ref, published_in__published__isnull=False, published_in__published__withdrawal__isnull=True
    )
    row = shown.first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def published() -> QuerySet[PublishedBrief]:
    """What was ever published, the latest first, with what was withdrawn."""
    return PublishedBrief.objects.select_related("brief__response", "withdrawal").order_by("-id")
