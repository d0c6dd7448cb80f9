"""What the second person's approval does: the whole response in one transaction, or nothing of it.

Registered with approvals as kind `activation`; runs inside the act of the approval.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.command.activation import blueprint as drawing
from firebreak.command.activation import queries
from firebreak.command.activation.actions import check_inactive
from firebreak.command.activation.blueprint import Blueprint
from firebreak.command.activation.cancelling import INSIDE, cancel_response
from firebreak.command.activation.events import ResponseActivated
from firebreak.command.activation.models import Response, Signal
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.activation.rules import check_opens
from firebreak.command.headquarters.actions import Draft, issue_orders
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.queries import local
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import current_act, record
from firebreak.engine.messages.actions import Recipient, queue_each
from firebreak.engine.messages.plan import MessagesSection
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.actions import TaskSpec, open_tasks
from firebreak.engine.units import actions as units
from firebreak.engine.units.actions import NewPost, NewUnit
from firebreak.engine.units.models import Post, Service
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_ref, token_of
from firebreak.kernel.text import T

MUSTER = timedelta(hours=1)


def activate(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """Put the plan to work: units, posts, people, tasks, orders and their messages.

    Refuses: signal-overturned, signal-not-enough, already-active, not-a-district, and what units and orders refuse.
    """
    signal = Signal.objects.select_for_update(of=("self",)).select_related("plan").get(ref=proposal.about)
    area = Area.objects.get(code=proposal.payload["area"])
    pack = adopted(proposal.payload["plan"])
    check_opens(pack.section(ActivationSection), signal.kind, signal.status)
    check_inactive(area)
    response = _respond(proposal, signal, area, pack, by, at)
    drawn = queries.draw(pack, area, signal.received_at, at)
    ref = Ref(response.ref)
    known = _staff(ref, drawn, at)
    filled = units.fill_posts_from_roster(response=ref, by=INSIDE, at=at)
    opened = _open(ref, drawn, by, at)
    issued = _order(response, drawn, known, by, at)
    told = _call_out(response, pack, by, at)
    record(ResponseActivated(
        signal=signal.ref, plan=proposal.payload["plan"], area=area.code, level_before=response.level_before,
        level=response.level, minutes=queries.minutes_to_activation(response), units=len(drawn.units),
        posts=len(drawn.posts), unfilled=filled["unfilled"], members=filled["members"], orders=len(issued),
        tasks=len(opened) + len(issued), messages=told,
    ), about=ref)
    return ref


def stand_down(proposal: Proposal, by: Actor, at: datetime) -> Ref | None:
    """Take back an activation that one person confirmed alone and the second refused."""
    rows = Response.objects.select_for_update().filter(signal__ref=proposal.about, status=Response.Status.ACTIVE)
    for response in rows:
        cancel_response(response, proposal.reason, by, at)
    return Ref(proposal.about)


def _respond(proposal: Proposal, signal: Signal, area: Area, pack: Pack, by: Actor, at: datetime) -> Response:
    """The response itself, with the next free document number."""
    section = pack.section(ActivationSection)
    here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    district = T(area.name_zh, area.name_en or area.name_zh)
    base = Response.objects.count() + Order.objects.count() + 1
    basis, level = section.legal_basis.value, section.level(section.level_after).name
    return Response.objects.create(
        ref=new_ref("response"), name_zh=f"{district.zh}{level.zh}", name_en=f"{district.en}: {level.en}",
        plan=AdoptedPlan.objects.defer("content").get(ref=proposal.payload["plan"]), signal=signal, area=area,
        level_before=section.level_before, level=section.level_after, legal_basis=f"{basis.zh} / {basis.en}",
        document_base=base, document_number=drawing.document(section.document_number.value, district, here.year, base),
        proposed_by=proposal.proposed_by, activated_by=by.ref, activated_at=at,
        review_on=(here + timedelta(hours=section.review_after_hours.value)).date(), act=current_act(),
    )


def _staff(response: Ref, drawn: Blueprint, at: datetime) -> dict[str, str]:
    """Form the units and open their posts; answers unit key → ref."""
    formed = [NewUnit(unit.key, unit.parent_key, unit.kind, unit.name, unit.charter) for unit in drawn.units]
    known = units.form_units(response=response, units=formed, by=INSIDE, at=at)
    opened = [
        NewPost(
            post.key, post.unit_key, post.duty, post.name, post.areas, post.leads_unit, post.step_up_minutes,
            post.required_people,
        )
        for post in drawn.posts
    ]
    units.open_posts(response=response, posts=opened, by=INSIDE, at=at)
    return known


def _open(response: Ref, drawn: Blueprint, by: Actor, at: datetime) -> list[int]:
    """The clocks and the lines of the first-hour page, each owned by the leader post of its unit."""
    leaders = dict(
        Post.objects.filter(unit__response_ref=response, leads_unit=True, closed_at=None)
        .values_list("unit__key", "id")
    )
    token = token_of(response)
    specs = [
        TaskSpec(one.kind, f"{one.kind}:{token}-{one.key}", response, one.title, leaders[one.unit], one.due_at)
        for one in drawn.tasks
    ]
    return open_tasks(specs=specs, by=by, at=at)


def _order(response: Response, drawn: Blueprint, known: dict[str, str], by: Actor, at: datetime) -> list[Ref]:
    terms = queries.order_terms(response, "opening")
    drafts = [
        Draft(
            unit=Ref(known[order.unit]), title=order.title, text=order.text, due_at=order.due_at,
            legal_basis=f"{order.legal_basis.zh} / {order.legal_basis.en}", review_on=order.review_on, terms=terms,
        )
        for order in drawn.orders
    ]
    return issue_orders(response=Ref(response.ref), drafts=drafts, by=by, at=at)


def _call_out(response: Response, pack: Pack, by: Actor, at: datetime) -> int:
    """Tell everybody who was put into service where they belong."""
    words = pack.text(pack.section(MessagesSection).template("call_out").text)
    place = T(response.area.name_zh, response.area.name_en or response.area.name_zh)
    services = Service.objects.filter(post__unit__response_ref=response.ref, ends_at=None)
    letters = [
        (
            Recipient.of(service.member),
            words.filled(
                name=service.member.name, post=T(service.post.name_zh, service.post.name_en), place=place,
                unit=T(service.post.unit.name_zh, service.post.unit.name_en), deadline=local(at + MUSTER),
            ),
        )
        for service in services.select_related("member", "post__unit").order_by("post_id", "id")
    ]
    return queue_each(to=letters, template="call_out", about=response.ref, by=by, at=at)
