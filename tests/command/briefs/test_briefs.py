"""A news brief: three people, figures from the books with their cut-off, quotes with source and consent, nothing typed in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from firebreak.command.activation.models import Response
from firebreak.command.briefs import actions, queries, text
from firebreak.command.briefs.models import Brief, BriefPicture, BriefVersion, PublishedBrief, Quote
from firebreak.engine.approvals.actions import approve
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import figures
from firebreak.engine.pictures.models import Picture
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal
from tests.support.desk import at_desk, person
from tests.support.staffing import everybody
from tests.support.zoned import FOUR, pending, zoned_district

AUTHOR, EDITOR, APPROVER = everybody("author"), everybody("editor"), everybody("approver")
HOUR = timedelta(hours=1)
TEXT = "6月5日,全区 [units.posts-filled] 个岗位到位。\n总指挥说:[#1]。"


@pytest.fixture
def response(db: None) -> Response:
    return zoned_district()


def stored(response: Response, **changes: object) -> Ref:
    said = {
        "speaker": "总指挥", "words": "不落一人", "source": "会商记录", "consent": "本人同意", "by": AUTHOR, "at": FOUR,
        **changes,
    }
    return actions.store_quote(response=Ref(response.ref), **said)  # type: ignore[arg-type]


def written(response: Response, words: str = TEXT, title: str = "岗位到位") -> Ref:
    return actions.write_brief(response=Ref(response.ref), title=title, words=words, by=AUTHOR, at=FOUR)


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, match=code)


@pytest.fixture
def figure(response: Response) -> str:
    """A figure that is not small."""
    return next(one.name for one in figures() if one.value(Cutoff(FOUR)) > 20)


@pytest.mark.parametrize("words", [
    "采样 1200 人", "采样 2022 人", "采样1,200人", "完成 97.5%", "3 个专班", "共12户",
])
def test_a_number_cannot_be_typed_in(words: str) -> None:
    with refused("brief-typed-number"):
        text.checked("标题", words)


@pytest.mark.parametrize("words", [
    "6月5日 14:09 启动", "2022年6月5日", "第 4 轮", "on 5 June 2022 at 14:09", "采样 [rounds.sampled] 人", "第4轮[#12]",
])
def test_days_times_and_ordinals_are_no_figures(words: str) -> None:
    assert text.checked("标题", words) == ("标题", words)


@pytest.mark.parametrize("words", ["他说“行”", 'he said "yes"', "「好」"])
def test_a_quote_cannot_be_typed_in(words: str) -> None:
    with refused("brief-typed-quote"):
        text.checked("标题", words)


def stored_picture(response: Response, content: bytes | None = None, **changes: object) -> Ref:
    said = {
        "caption": "采样点的早晨", "source": "宣传组 6月5日 摄", "consent": "图中三人同意", "by": AUTHOR, "at": FOUR,
        "content": jpeg() if content is None else content, **changes,
    }
    return actions.store_picture(response=Ref(response.ref), **said)  # type: ignore[arg-type]


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def published(brief: Ref) -> None:
    actions.edit_brief(brief=brief, title="岗位到位", words="改过。\n[@1]", by=EDITOR, at=FOUR + HOUR)
    proposal = actions.propose_brief(brief=brief, by=EDITOR, at=FOUR + HOUR)
    approve(proposal=proposal, by=APPROVER, at=FOUR + 2 * HOUR)


@pytest.mark.parametrize("missing", ["caption", "source", "consent"])
def test_a_picture_without_source_or_consent_is_not_stored(response: Response, missing: str) -> None:
    with refused("brief-picture-incomplete"):
        stored_picture(response, **{missing: " "})
    assert (BriefPicture.objects.count(), Picture.objects.count()) == (0, 0)


def test_what_is_no_picture_is_not_stored(response: Response) -> None:
    with refused("not-a-picture"):
        stored_picture(response, b"<svg onload=alert(1)>")
    assert BriefPicture.objects.count() == 0


def test_a_picture_nobody_stored_cannot_be_named(response: Response) -> None:
    with refused("brief-unknown-name"):
        written(response, "早晨。[@1]")


def test_anybody_sees_a_picture_while_its_brief_is_out_and_not_before_or_after(response: Response, client: Client) -> None:
    stored_picture(response)
    token = token_of(Picture.objects.get().ref)
    url = f"/news/pictures/{token}.jpg"
    brief = written(response, "早晨。\n[@1]")
    before = client.get(url).status_code
    published(brief)
    shown = client.get(url)
    page = client.get(f"/news/{token_of(brief)}").content.decode()
    assert (before, shown.status_code, shown["Content-Type"], url in page, "宣传组 6月5日 摄" in page) == (
        404, 200, "image/jpeg", True, True
    )
    assert Event.objects.get(type="BriefPublished").payload["pictures"] == [1]
    actions.withdraw_brief(brief=brief, reason="图片有误", by=AUTHOR, at=FOUR + 3 * HOUR)
    assert client.get(url).status_code == 404


def test_a_picture_is_stored_and_looked_at_on_the_page(response: Response) -> None:
    desk = at_desk(person("wen", "duty_officer"), "en")
    said = {"caption": "Morning", "source": "publicity, 5 June", "consent": "all three agreed"}
    sent = desk.post("/briefs/pictures", {**said, "content": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")})
    page = desk.get("/briefs/pictures").content.decode()
    token = token_of(Picture.objects.get().ref)
    assert (sent.status_code, "[@1]" in page, desk.get(f"/briefs/pictures/{token}.jpg").status_code) == (302, True, 200)
    wrong = desk.post("/briefs/pictures", {**said, "content": SimpleUploadedFile("a.jpg", b"no", "image/jpeg")})
    assert (wrong.status_code, "no picture" in wrong.content.decode(), BriefPicture.objects.count()) == (422, True, 1)


@given(st.lists(st.sampled_from(["全区", "[rounds.sampled]", "[#3]", "[@2]", " 人,", "\n", "\n\n"]), max_size=20))
def test_parts_put_together_are_the_text_again(pieces: list[str]) -> None:
    words = "".join(pieces)
    again = "\n".join(
        "".join(part.text if part.kind == "words" else f"[{part.text}]" for part in parts) for parts in text.paragraphs(words)
    )
    assert again == "\n".join(line for line in words.split("\n") if line.strip())


def test_three_people_publish_what_the_third_read(response: Response, figure: str) -> None:
    stored(response)
    brief = written(response, f"到位 [{figure}] 个。\n总指挥说:[#1]。")
    actions.edit_brief(brief=brief, title="到位", words=f"全区到位 [{figure}] 个。\n总指挥说:[#1]。", by=EDITOR, at=FOUR + HOUR)
    actions.propose_brief(brief=brief, by=EDITOR, at=FOUR + HOUR)
    approve(proposal=pending(), by=APPROVER, at=FOUR + 2 * HOUR)
    row = PublishedBrief.objects.get()
    assert (row.author, row.editor, row.approver) == (AUTHOR.ref, EDITOR.ref, APPROVER.ref)
    assert row.content["cutoff_at"] == "2022-06-05T09:00:00Z"
    assert row.content["paragraphs"][0][1] == {
        "kind": "figure", "text": f"{row.content['figures'][figure]:,}", "name": figure
    }
    assert row.content["paragraphs"][1][1] == {
        "kind": "quote", "text": "不落一人", "speaker": "总指挥", "source": "会商记录"
    }
    (said,) = [event.payload for event in Event.objects.filter(type="BriefPublished")]
    assert (said["figures"], said["quotes"], said["cutoff_at"]) == ([figure], [1], "2022-06-05T09:00:00Z")
    assert BriefVersion.objects.count() == 2


def test_author_editor_and_approver_are_three(response: Response, figure: str) -> None:
    brief = written(response, f"到位 [{figure}] 个")
    with refused("editor-is-author"):
        actions.propose_brief(brief=brief, by=AUTHOR, at=FOUR)
    actions.propose_brief(brief=brief, by=EDITOR, at=FOUR)
    for by, code in ((EDITOR, "own-proposal"), (AUTHOR, "approver-wrote-it")):
        with refused(code):
            approve(proposal=pending(), by=by, at=FOUR)
    assert PublishedBrief.objects.count() == 0


def test_a_small_figure_is_not_told(response: Response) -> None:
    small = next(one.name for one in figures() if 0 < one.value(Cutoff(FOUR)) < 5)
    brief = written(response, f"有 [{small}] 个")
    with refused("brief-figure-too-small"):
        actions.propose_brief(brief=brief, by=EDITOR, at=FOUR)


@pytest.mark.parametrize(("perform", "code"), [
    (lambda r: written(r, " "), "brief-words-missing"),
    (lambda r: written(r, "见 [#7]"), "brief-unknown-name"),
    (lambda r: written(r, "见 [no.such]"), "brief-unknown-name"),
    (lambda r: stored(r, consent=" "), "quote-incomplete"),
    (lambda r: stored(r, by=SystemActor("x", frozenset())), "not-permitted"),
])
def test_what_cannot_be_is_refused_and_nothing_kept(
    response: Response, perform: Callable[[Response], object], code: str
) -> None:
    with refused(code):
        perform(response)
    assert (Brief.objects.count(), Quote.objects.count()) == (0, 0)


def test_a_published_brief_never_changes_and_is_withdrawn_with_a_reason(response: Response, figure: str) -> None:
    brief = written(response, f"到位 [{figure}] 个")
    with refused("brief-not-out"):
        actions.withdraw_brief(brief=brief, reason="写错", by=AUTHOR, at=FOUR)
    actions.propose_brief(brief=brief, by=EDITOR, at=FOUR)
    approve(proposal=pending(), by=APPROVER, at=FOUR)
    with refused("brief-published"):
        actions.edit_brief(brief=brief, title="改", words="改", by=EDITOR, at=FOUR)
    with refused("reason-missing"):
        actions.withdraw_brief(brief=brief, reason=" ", by=AUTHOR, at=FOUR)
    actions.withdraw_brief(brief=brief, reason="写错", by=AUTHOR, at=FOUR)
    with refused("brief-not-out"):
        actions.withdraw_brief(brief=brief, reason="写错", by=AUTHOR, at=FOUR)
    assert queries.published().count() == 1


def test_the_desk_writes_edits_proposes_and_the_public_reads(
    response: Response, figure: str, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(FOUR)
    author, editor = (at_desk(person(name, "duty_officer")) for name in ("zhao", "qian"))
    chief, stranger = at_desk(person("sun", "commander")), at_desk(person("li", "sampler"))
    wrong = author.post("/briefs", {"title": "到位", "words": "到位 99 个"})
    assert (wrong.status_code, "到位 99 个" in wrong.content.decode()) == (422, True)
    page = author.post("/briefs", {"title": "到位", "words": f"到位 [{figure}] 个"})["Location"]
    assert "作者不能做自己的编辑" in author.get(page).content.decode()
    assert editor.post(f"{page}/propose").status_code == 302
    approve(proposal=pending(), by=APPROVER, at=FOUR)
    assert stranger.get(page).status_code == 403
    token = token_of(Brief.objects.get().ref)
    public = Client()
    for address in ("/news", f"/news/{token}"):
        answer = public.get(address)
        told = "到位" in answer.content.decode()
        assert (answer.status_code, told, answer["Cache-Control"]) == (200, True, "public, max-age=60")
        assert public.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    chief.post(f"{page}/withdraw", {"reason": "数字写错"})
    shown = public.get(f"/news/{token}").content.decode()
    assert ("数字写错" in shown, "到位 <b" in shown) == (True, False)
    assert public.get("/news/none").status_code == 404
