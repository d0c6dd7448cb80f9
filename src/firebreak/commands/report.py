"""`firebreak report`: publish the daily report, or render a published one again and compare the bytes."""

import sys
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from firebreak.commands import choose_language, open_ledger, say, say_both
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import LANGUAGES, Language, T, language, speak

if TYPE_CHECKING:
    from firebreak.command.reports.models import Report

TERMINAL = SystemActor("terminal", frozenset({"reports.render", "reports.read"}))
KEPT = ("html", "json")
KINDS = (*KEPT, "pdf", "docx", "xlsx", "csv")
_BAD_DAY = T(
    "看不懂日期“{text}”。没有出报。例:2022-06-06", "Not a day: {text}. No report was made. Example: 2022-06-06",
)
_BAD_MOMENT = T(
    "看不懂时间“{text}”。没有出报。例:2022-06-06 24:00",
    "Not a moment: {text}. No report was made. Example: 2022-06-06 24:00",
)
_NO_ACCOUNT = T("没有账号“{name}”。没有出报。", "There is no account '{name}'. No report was made.")
_NO_REPORT = T("没有这份日报:{given}。已出的:{known}", "There is no report {given}. Published: {known}")
_PUBLISHED = T(
    "{ref} 已出,截至 {cutoff},封存值 {head}", "{ref} is published, as of {cutoff}, journal head {head}",
)
_SAME = T(
    "{ref} 重出,逐字节相同:html {html} json {json}", "{ref} again, byte for byte the same: html {html} json {json}",
)
_OTHER = T(
    "{ref} 重出与当时不同:{what}。当时的文件没有改动。请运行 firebreak verify --database。",
    "{ref} does not come out as published: {what}. The published files were not changed. Run firebreak verify"
    " --database.",
)
_LEARNED = T(
    "此后得知 · {title}:当时 {printed:,},现在 {now:,}", "Learned since · {title}: {printed:,} then, {now:,} now",
)
_NOTHING_LEARNED = T("此后没有得知新的事。", "Nothing was learned since.")
_WRITTEN = T("写到 {path}", "Written to {path}")


@click.command("report")
@click.argument("which", type=click.Choice(["daily"]), default="daily")
@click.option("--day", "day_text", metavar="DAY", help="Day of the report; default: the day that ended last.")
@click.option("--cutoff", metavar="MOMENT", help='What the report speaks of, district time; default: "DAY 24:00".')
@click.option("--again", metavar="REF", help="Render a published report again and compare, such as 2022-06-06-1.")
@click.option("--format", "kind", type=click.Choice(KINDS), default="html", show_default=True)
@click.option("--language", "language_wanted", type=click.Choice(LANGUAGES), help="Language of the file; default: yours.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write the bytes here.")
@click.option("--as", "username", help="The account that answers for the report; the terminal otherwise.")
def command(
    which: str, day_text: str | None, cutoff: str | None, again: str | None, kind: str, language_wanted: Language | None,
    out: Path | None, username: str | None,
) -> None:
    """Seal the journal and publish the daily report. Exits 1 and names the book when one does not balance."""
    choose_language()
    if language_wanted is not None:
        speak(language_wanted)
    open_ledger()
    try:
        if again:
            same = _again(again, kind, out)
        else:
            same = _publish(day_text, cutoff, kind, out, username)
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)
    if not same:
        sys.exit(1)


def _publish(day_text: str | None, cutoff: str | None, kind: str, out: Path | None, username: str | None) -> bool:
    from firebreak.command.reports.actions import publish_report

    now = clock.now()
    day = _day(day_text, now)
    at = _moment(cutoff or f"{day.isoformat()} 24:00")
    report = _report(publish_report(day=day, cutoff_at=at, by=_actor(username), at=now))
    say(_PUBLISHED.filled(ref=report.ref, cutoff=clock.iso(report.cutoff_at), head=report.head))
    _put(report, kind, out)
    return True


def _again(given: str, kind: str, out: Path | None) -> bool:
    from firebreak.command.reports.queries import render_again, revisions

    report = _report(given)
    rendered = render_again(report)
    html, json = sha256(rendered.html).hexdigest(), sha256(rendered.json).hexdigest()
    off = [name for name, one, other in (
        ("html", html, report.html_sha256), ("json", json, report.json_sha256),
    ) if one != other]
    if off:
        say(_OTHER.filled(ref=report.ref, what=", ".join(off)), error=True)
    else:
        say(_SAME.filled(ref=report.ref, html=html[:16], json=json[:16]))
    learned = revisions(report)
    for one in learned:
        say(_LEARNED.filled(title=one.title, printed=one.printed, now=one.now))
    if not learned:
        say(_NOTHING_LEARNED)
    _put(report, kind, out)
    return not off


def _report(given: str) -> "Report":
    from firebreak.command.reports.models import Report

    found = Report.objects.filter(ref=given if given.startswith("report:") else f"report:{given}").first()
    if found is None:
        known = ", ".join(Report.objects.order_by("-id").values_list("ref", flat=True)[:5]) or "–"
        raise Refusal("no-such-report", _NO_REPORT.filled(given=given, known=known))
    return found


def _put(report: "Report", kind: str, out: Path | None) -> None:
    """Write the file that was asked for; one that is not kept with the report lands beside it."""
    from firebreak.command.reports.queries import published, rendering, report_folder

    if kind in KEPT:
        if out is None:
            return
        content = published(report, kind)
    else:
        content = rendering(report, kind, language())
        out = out or report_folder() / f"{token_of(report.ref)}.{language()}.{kind}"
    out.write_bytes(content)
    say(_WRITTEN.filled(path=out))


def _zone() -> ZoneInfo:
    from django.conf import settings

    return ZoneInfo(settings.TIME_ZONE)


def _day(text: str | None, now: datetime) -> date:
    if text is None:
        return (now.astimezone(_zone()) - timedelta(hours=24)).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("unreadable-day", _BAD_DAY.filled(text=text)) from None


def _moment(text: str) -> datetime:
    try:
        return clock.parse_moment(text, _zone())
    except ValueError:
        raise Refusal("unreadable-moment", _BAD_MOMENT.filled(text=text)) from None


def _actor(username: str | None) -> Actor:
    if username is None:
        return TERMINAL
    from firebreak.engine.access.actors import actor_of
    from firebreak.engine.access.models import Account

    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Refusal("no-such-account", _NO_ACCOUNT.filled(name=username))
    return actor_of(account)
