"""A picture is kept without what the camera added, cannot be changed unseen, and goes when its time is over."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from firebreak.engine.journal.acting import action, record
from firebreak.engine.pictures.actions import erase_pictures, keep_picture
from firebreak.engine.pictures.events import PictureKept
from firebreak.engine.pictures.models import Picture
from firebreak.engine.pictures.queries import held, open_picture, pictures_of
from firebreak.engine.pictures.shrinking import SIDE, shrink
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.pictures import a_picture
from tests.support.staffing import AT, RESPONSE, everybody

CHIEF = everybody("chief")
ABOUT = Ref("finding:f1")


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def test_a_picture_is_made_small_and_loses_what_the_camera_said() -> None:
    given = a_picture(4000, 3000, place=(24.5, 118.1))
    kept = Image.open(BytesIO(shrink(given).content))
    assert (Image.open(BytesIO(given)).getexif() != {}, dict(kept.getexif()), kept.size) == (True, {}, (SIDE, 1200))


def test_a_picture_taken_on_its_side_stands_upright() -> None:
    assert shrink(a_picture(400, 300, turned=6)).width == 300


@pytest.mark.parametrize("given", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe0broken"])
def test_what_is_no_picture_is_refused(given: bytes) -> None:
    with refused("not-a-picture"):
        shrink(given)


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused() -> None:
    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with refused("picture-too-large"):
        shrink(out.getvalue())


@pytest.mark.django_db
def test_a_kept_picture_is_sealed_and_its_digest_is_journaled() -> None:
    ref = keep_picture(about=ABOUT, response=RESPONSE, content=a_picture(40, 30), by=CHIEF, at=AT)
    row = Picture.objects.get(ref=ref)
    content = open_picture(ref)
    assert (row.digest, row.act.events.get().payload["digest"]) == (sha256(content).hexdigest(),) * 2
    assert content not in bytes(row.sealed or b"")
    assert [one.ref for one in pictures_of([ABOUT])[ABOUT]] == [ref]


@pytest.mark.django_db
def test_an_erased_picture_leaves_its_digest() -> None:
    ref = keep_picture(about=ABOUT, response=RESPONSE, content=a_picture(40, 30), by=CHIEF, at=AT)
    assert (held(RESPONSE), erase_pictures(response=RESPONSE, by=CHIEF, at=AT), held(RESPONSE)) == (1, 1, 0)
    assert Picture.objects.get(ref=ref).digest != ""
    with refused("picture-erased"):
        open_picture(ref)


@pytest.mark.django_db
def test_a_refused_picture_takes_its_act_with_it() -> None:
    @action
    def with_proof(*, by: object, at: object) -> None:
        record(PictureKept("", 0), about=ABOUT)
        keep_picture(about=ABOUT, response=RESPONSE, content=b"no", by=CHIEF, at=AT)

    with refused("not-a-picture"):
        with_proof(by=CHIEF, at=AT)
    assert Picture.objects.count() == 0
