"""The frame: gallery only in a drill, toasts told once, lists keep their place in the URL, errors first."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory, override_settings

from firebreak.kernel.text import T, speaking
from firebreak.surfaces.common import gallery, toasts
from firebreak.surfaces.common.links import address, with_query

FRAMES = [*gallery.FRAMES]
STATIC = Path(gallery.__file__).parent / "static"


@pytest.fixture
def drill(ledger: object) -> Iterator[None]:
    with override_settings(FIREBREAK_DRILL=True):
        yield


def test_gallery_is_absent_beside_real_records(ledger: object, client: Client) -> None:
    assert client.get("/gallery").status_code == 404


@pytest.mark.usefixtures("drill")
@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_is_drawn_in_both_languages(client: Client, frame: str, spoken: str) -> None:
    client.cookies["language"] = spoken
    page = client.get(f"/gallery/{frame}")
    assert page.status_code == 200
    assert f'<html lang="{"zh-Hans" if spoken == "zh" else "en"}"' in page.text
    assert "演练" in page.text


@pytest.mark.usefixtures("drill")
def test_form_with_errors_says_so_in_title_summary_and_field(client: Client) -> None:
    client.cookies["language"] = "zh"
    page = client.get("/gallery?wrong=1")
    assert page.status_code == 422
    assert "<title>错误:" in page.text
    assert page.text.count('href="#id_') == 4
    assert page.text.count('aria-invalid="true"') == 4
    assert 'value="11010519491231002"' in page.text


@pytest.mark.usefixtures("drill")
def test_no_page_repeats_an_id(client: Client) -> None:
    for frame in FRAMES:
        ids = re.findall(r'\sid="([^"]+)"', client.get(f"/gallery/{frame}").text)
        assert sorted(ids) == sorted(set(ids))


def test_pulse_answers_nobody_without_an_account(ledger: object, client: Client) -> None:
    assert client.get("/pulse").status_code in (302, 401, 403)


def test_toast_is_told_once_in_the_language_of_the_moment_it_is_read(ledger: object) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request._messages = SessionStorage(request)
    toasts.offer_undo(request, T("已下达", "Issued"), "/undo")
    with speaking("en"):
        (told,) = toasts.waiting(request)
    assert (told.words, told.undo_url, told.seconds) == ("Issued", "/undo", 10)
    assert request._messages.used


def test_toast_whose_ten_seconds_are_over_offers_no_undo(ledger: object, monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request._messages = SessionStorage(request)
    toasts.offer_undo(request, T("已下达", "Issued"), "/undo")
    told_at = toasts.time.time()
    monkeypatch.setattr(toasts.time, "time", lambda: told_at + 11)
    assert toasts.waiting(request) == [toasts.Toast("已下达", "", 0, "")]


def test_filter_link_keeps_the_other_filters_and_leaves_the_page_key() -> None:
    request = RequestFactory().get("/list", {"state": "late", "q": "林", "after": "99"})
    assert with_query(request, state="open") == "/list?state=open&q=%E6%9E%97"
    assert with_query(request, state="", q=None) == "/list"


def test_address_of_a_page_nobody_built_is_empty() -> None:
    assert address("no-such-page") == ""
    assert address("home") == "/"


@pytest.mark.usefixtures("drill")
@pytest.mark.parametrize(("frame", "kilobytes"), [("desk", 60), ("phone", 60)])
def test_page_with_its_styles_and_modules_stays_light(client: Client, frame: str, kilobytes: int) -> None:
    """Compressed; the limits of the product are 300 kB for a desk page and 150 kB for a field page."""
    page = client.get(f"/gallery/{frame}")
    asked = set(re.findall(r'(?:src|href)="/static/([^"#]+)"', page.text))
    modules = {str(path.relative_to(STATIC)) for path in (STATIC / "firebreak/js").glob("*.js")}
    weight = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in asked | modules)
    assert weight + len(gzip.compress(page.content)) < kilobytes * 1024
