"""Writes of pictures: kept with the act they prove, erased when their time is over."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings

from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.pictures.events import PictureKept, PicturesErased
from firebreak.engine.pictures.models import Picture
from firebreak.engine.pictures.shrinking import shrink
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref


@action
def keep_picture(*, about: Ref, response: Ref, content: bytes, by: Actor, at: datetime) -> Ref:
    """Keep a picture of something.

    Who: the action whose fact it proves, which has checked the right.
    Refuses: not-a-picture, picture-too-large.   Journals: PictureKept.
    Promises: no place, owner or other words of the camera are kept; the digest shows any later change.
    """
    shrunk = shrink(content)
    ref = new_ref("picture")
    digest = sha256(shrunk.content).hexdigest()
    Picture.objects.create(
        ref=ref, about=about, response_ref=response, width=shrunk.width, height=shrunk.height, digest=digest,
        sealed=settings.VAULT.seal(shrunk.content, about=ref.encode()), by=by.ref, happened_at=at, act=current_act(),
    )
    record(PictureKept(digest, len(shrunk.content)), about=about)
    return ref


@action
def erase_pictures(*, response: Ref, by: Actor, at: datetime) -> int:
    """Erase every picture of a response; how many.

    Who: the action of the retention rule, which has checked the right.
    Journals: PicturesErased.   Promises: what each was of, and its digest, stay.
    """
    erased = Picture.objects.filter(response_ref=response).exclude(sealed=None).update(sealed=None)
    record(PicturesErased(erased), about=response)
    return erased
