"""Reads of pictures."""

from collections.abc import Iterable

from django.conf import settings

from firebreak.engine.pictures.models import Picture
from firebreak.engine.pictures.refusals import PICTURE_ERASED
from firebreak.kernel.refusals import NOT_FOUND


def pictures_of(subjects: Iterable[str]) -> dict[str, list[Picture]]:
    """Subject → its pictures, oldest first, without their bytes; one query."""
    found: dict[str, list[Picture]] = {}
    for row in Picture.objects.filter(about__in=list(subjects)).defer("sealed").order_by("id"):
        found.setdefault(row.about, []).append(row)
    return found


def open_picture(ref: str) -> bytes:
    """The JPEG of a picture. Errors: refuses `not-found`, `picture-erased`."""
    row = Picture.objects.filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.sealed is None:
        raise PICTURE_ERASED.because()
    return bytes(settings.VAULT.open(row.sealed, about=row.ref.encode()))


def held(response: str) -> int:
    """How many pictures of a response still show something."""
    return Picture.objects.filter(response_ref=response).exclude(sealed=None).count()
