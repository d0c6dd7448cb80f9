"""Publishing a report: seal first, render at the sealed position, keep the bytes and their hashes."""

from datetime import date, datetime
from hashlib import sha256

from django.db.models import Max

from firebreak.command.activation.models import Response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.headquarters.queries import local
from firebreak.command.reports import daily
from firebreak.command.reports.events import ReportPublished
from firebreak.command.reports.models import Report
from firebreak.command.reports.queries import report_folder
from firebreak.command.reports.rights import RENDER_REPORT
from firebreak.command.reports.rules import FUTURE_CUTOFF
from firebreak.engine.journal import seals
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref


def publish_report(*, day: date, cutoff_at: datetime, by: Actor, at: datetime) -> Ref:
    """Seal the journal, render the day's report at that position and keep it.

    Not itself an action: the seal must be committed before the report that prints its head. `cutoff_at` is
    the moment the report speaks of; what happened later or was learned after the seal is not in it.
    Refuses: future-cutoff, and as `keep_report`.
    """
    by.require(RENDER_REPORT)
    if cutoff_at > at:
        raise FUTURE_CUTOFF.because(now=local(at))
    head = seals.seal(at=at)
    return keep_report(day=day, cutoff_at=cutoff_at, head=head, by=by, at=at)


@action
def keep_report(*, day: date, cutoff_at: datetime, head: seals.SealHead, by: Actor, at: datetime) -> Ref:
    """Render at a sealed position and store the bytes beside the journal.

    Who: headquarters.   Refuses: no-response, ledger-unbalanced.   Journals: ReportPublished.
    Promises: the same cut-off renders the same bytes again.
    """
    by.require(RENDER_REPORT)
    response = Response.objects.order_by("id").filter(activated_at__lte=cutoff_at).last()
    if response is None:
        raise NO_RESPONSE.because()
    rendered = daily.render(day, Cutoff(cutoff_at, head.position), head.head)
    earlier = Report.objects.filter(response_ref=response.ref, day=day).aggregate(last=Max("edition"))["last"]
    edition = (earlier or 0) + 1
    ref = make_ref("report", f"{day.isoformat()}-{edition}")
    html_hash, json_hash = sha256(rendered.html).hexdigest(), sha256(rendered.json).hexdigest()
    _keep(ref, rendered)
    Report.objects.create(
        ref=ref, response_ref=response.ref, day=day, edition=edition, cutoff_at=cutoff_at, position=head.position,
        seal=head.number, head=head.head, html_sha256=html_hash, json_sha256=json_hash,
        rendered_by=by.ref, rendered_at=at,
    )
    record(ReportPublished(day, edition, cutoff_at, head.head, html_hash, json_hash), about=ref)
    return ref


def _keep(ref: Ref, rendered: daily.Rendered) -> None:
    folder = report_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = ref.split(":", 1)[1]
    (folder / f"{name}.html").write_bytes(rendered.html)
    (folder / f"{name}.json").write_bytes(rendered.json)
