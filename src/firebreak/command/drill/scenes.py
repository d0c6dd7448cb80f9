"""The scenes of 5 to 9 June at headquarters: the signal, the activation, orders, zones, the report.

Each step does what a person would do, as that person, through the same action.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from heapq import merge

from firebreak.command.activation import queries as activation
from firebreak.command.activation.actions import judge_signal, propose_activation, take_signal
from firebreak.command.activation.models import Response, Signal
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.district.nouns import Compound
from firebreak.command.drill.district.streams import stream
from firebreak.command.drill.founding import Founded
from firebreak.command.drill.moments import ZONE, june
from firebreak.command.drill.steps import Step
from firebreak.command.headquarters import actions as orders
from firebreak.command.headquarters.models import Order
from firebreak.command.reports.actions import publish_report
from firebreak.command.zoning.actions import ZoneDraft, propose_zone
from firebreak.engine.approvals.actions import approve
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.calendar.actions import declare_days
from firebreak.engine.journal.acting import keyed
from firebreak.engine.plans.queries import latest_plan
from firebreak.engine.tasks.actions import BY_HAND, finish_task
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Unit
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.zones.models import Zone

LAW = "传染病防治法第三十九条、第四十二条;突发公共卫生事件应急条例第三十三条"
SHORT = timedelta(minutes=3)
OVERRUN = {"order deliveries": timedelta(minutes=160)}
"""The order that is done long after its deadline: it climbs the unit tree, and whoever owns it by then ends it."""


class Scenes:
    """Headquarters' part of the story."""

    def __init__(self, founded: Founded, cast: Cast, seed: int) -> None:
        self.founded = founded
        self.cast = cast
        self.seed = seed

    def steps(self) -> Iterator[Step]:
        """Everything that is fixed beforehand, in order."""
        for at, name, play in self._fixed():
            yield Step(at, name, partial(self.keyed, name, partial(play, at)), self._following(name, at))

    def _following(self, name: str, at: datetime) -> Callable[[], Iterator[Step]] | None:
        """What the leaders do next, for the steps that give them something to do."""
        if name == "approve activation":
            return lambda: merge(self.order_steps(at), self._list_steps(at), key=lambda step: step.at)
        brings_orders = name.startswith(("order ", "approve ")) or name == "propose precaution"
        return partial(self.order_steps, at, OVERRUN.get(name)) if brings_orders else None

    def _fixed(self) -> list[tuple[datetime, str, Callable[[datetime], None]]]:
        return [
            (june(5, "14:01"), "declare holidays", self._declare_holidays),
            (june(5, "14:02"), "take signal", self._take_signal),
            (june(5, "14:09"), "propose activation", self._propose),
            (june(5, "14:14"), "approve activation", self._approve("activation")),
            (june(5, "16:30"), "propose precaution", self._propose_precaution),
            (june(5, "20:10"), "propose control", self._propose_control),
            (june(5, "20:22"), "approve control", self._approve("zone")),
            (june(5, "21:40"), "order sites", self._order_sites),
            (june(6, "09:30"), "confirm signal", self._confirm),
            (june(6, "12:05"), "order evening visits", self._order_visits),
            (june(7, "01:30"), "daily report 6", self._report(6)),
            (june(7, "09:10"), "order supplies", self._order_supplies),
            (june(8, "01:30"), "daily report 7", self._report(7)),
            (june(8, "08:20"), "propose lockdown", self._propose_lockdown),
            (june(8, "08:31"), "approve lockdown", self._approve("zone")),
            (june(8, "08:40"), "propose first area", self._propose_area(0)),
            (june(8, "08:46"), "approve first area", self._approve("zone")),
            (june(8, "08:52"), "propose second area", self._propose_area(1)),
            (june(8, "08:58"), "approve second area", self._approve("zone")),
            (june(8, "10:20"), "order deliveries", self._order_deliveries),
            (june(9, "01:30"), "daily report 8", self._report(8)),
            (june(9, "08:10"), "order queues", self._order_queues),
            (june(9, "24:00"), "daily report 9", self._report(9)),
        ]

    def _list_steps(self, at: datetime) -> Iterator[Step]:
        """The lines of the first-hour page and the clocks of the plan, ticked off by whoever owns them."""
        chance = stream(self.seed, "first hour")
        own = Task.objects.filter(kind__in=BY_HAND, opened_at=at).select_related("owner").order_by("due_at", "id")
        planned = []
        for task in own:
            done = at + (task.due_at - at) * chance.uniform(0.55, 0.95)
            actor = task.owner.code if task.owner.code in self.cast.usernames else "commander"
            act = partial(finish_task, task=Ref(task.ref), note="")
            planned.append(self.as_step(f"finish {task.ref}", done.replace(microsecond=0), actor, act))
        yield from sorted(planned, key=lambda step: step.at)

    def order_steps(self, at: datetime, overrun: timedelta | None = None) -> Iterator[Step]:
        """What the leaders do with the orders issued at a moment, known once these exist."""
        chance = stream(self.seed, f"orders {at.isoformat()}")
        planned: list[Step] = []
        issued = Order.objects.filter(issued_at=at).select_related("unit", "task").order_by("number")
        for order in issued:
            lead, begun, due = f"lead_{order.unit.key}", order.issued_at, order.task.due_at
            span = due - begun
            late = chance.random() < 0.08
            seen = begun + min(span / 20, timedelta(minutes=chance.randint(1, 6)))
            accepted = seen + timedelta(minutes=chance.randint(1, 3))
            middle = begun + span * chance.uniform(0.4, 0.6)
            end = due + timedelta(minutes=chance.randint(4, 20)) if late else begun + span * chance.uniform(0.7, 0.95)
            end = end if overrun is None else due + overrun
            ref = Ref(order.ref)
            looked = end + timedelta(minutes=chance.randint(10, 25))
            verified = self.as_step(
                f"verify order {order.number}", looked.replace(microsecond=0), "duty_officer",
                partial(orders.verify_order, order=ref, text="已核实。"),
            )
            planned.append(verified)
            for at, name, act in (
                (seen, "see", partial(orders.see_order, order=ref)),
                (accepted, "accept", partial(orders.accept_order, order=ref)),
                (middle, "report", partial(orders.report_order, order=ref, text="进行过半。", percent=55)),
                (end, "finish", partial(orders.finish_order, order=ref, text="已办结。")),
            ):
                actor = "" if overrun is not None and name == "finish" else lead
                moment = at.replace(second=0, microsecond=0) + timedelta(seconds=chance.randint(0, 59))
                planned.append(self.as_step(f"{name} order {order.number}", max(moment, begun + SHORT / 3), actor, act, ref))
        yield from sorted(planned, key=lambda step: step.at)

    def as_step(
        self, name: str, at: datetime, username: str, act: Callable[..., object], order: Ref | None = None
    ) -> Step:
        """Somebody acts; without a user name whoever owns the order by then."""

        def play() -> None:
            actor = username or Order.objects.get(ref=order).task.owner.code
            act(by=self.cast.actor(actor), at=at)

        return Step(at, name, partial(self.keyed, name, play))

    def keyed(self, name: str, play: Callable[[], object]) -> None:
        with keyed(f"drill {name}"):
            play()

    def _declare_holidays(self, at: datetime) -> None:
        """S3: the signal comes on the last day of the Dragon Boat holiday, as announced by the State Council."""
        declare_days(
            begins=june(3, "00:00").date(), ends=june(5, "00:00").date(), kind="free",
            name=T("端午节假期", "Dragon Boat holiday"), source="国办发明电〔2021〕11号",
            by=self.cast.actor("duty_officer"), at=at,
        )

    def _take_signal(self, at: datetime) -> None:
        index = self.founded.district.residents[0]
        take_signal(
            kind="screening_positive", channel="应检尽检", reporter="区疾控中心实验室",
            area_code=self.founded.district.code, sampled_at=june(5, "07:40"),
            note=f"返区人员应检尽检初筛阳性,住 {index.building}",
            by=self.cast.actor("duty_officer"), at=at,
        )

    def _propose(self, at: datetime) -> None:
        plan = latest_plan()
        if plan is None:
            raise LookupError("the drill adopted no plan")
        propose_activation(
            signal=Ref(Signal.objects.get().ref), plan=Ref(plan.ref), area_code=self.founded.district.code,
            by=self.cast.actor("duty_officer"), at=at,
        )

    def _approve(self, kind: str) -> Callable[[datetime], None]:
        def play(at: datetime) -> None:
            waiting = Proposal.objects.filter(kind=kind, status=Proposal.Status.PENDING).latest("id")
            approve(proposal=Ref(waiting.ref), by=self.cast.actor("commander"), at=at)

        return play

    def _propose_precaution(self, at: datetime) -> None:
        name = T("全区防范区", "District precaution zone")
        self._propose_zone("precaution", name, [self.founded.district.code], 2, at)

    def _propose_control(self, at: datetime) -> None:
        """The compound where the index person lives."""
        compound = self.index_compound()
        name = T(f"{compound.name.zh}管控区", f"{compound.name.en} control zone")
        self._propose_zone("control", name, list(compound.buildings), 3, at)

    def _propose_lockdown(self, at: datetime) -> None:
        """K4: on 8 June the compound goes from control to lockdown, in place of its control zone."""
        compound = self.index_compound()
        name = T(f"{compound.name.zh}封控区", f"{compound.name.en} lockdown zone")
        control = Zone.objects.get(response_ref=the_response().ref, document_number=_paper(3))
        self._propose_zone("lockdown", name, list(compound.buildings), 4, at, replaces=control.ref)

    def _propose_area(self, place: int) -> Callable[[datetime], None]:
        """K4: an area between roads goes to control; grids end at roads, so a grid's outline is drawn."""

        def play(at: datetime) -> None:
            home = self.index_compound().grid
            grid = [one for one in self.founded.district.grids if one.code != home and one.buildings][place]
            name = T(f"{grid.name.zh}道路围合管控区", f"Control area between the roads of {grid.name.en}")
            outline = {"type": "MultiPolygon", "coordinates": [[list(ring)] for ring in grid.outline]}
            self._propose_zone("control", name, [], 5 + place, at, polygon=outline)

        return play

    def index_compound(self) -> Compound:
        """Where the index person lives."""
        district = self.founded.district
        building = next(one for one in district.buildings if one.code == district.residents[0].building)
        return next(one for one in district.compounds if one.code == building.compound)

    def _propose_zone(
        self, tier: str, name: T, areas: list[str], number: int, at: datetime,
        polygon: Mapping[str, object] | None = None, replaces: str = "",
    ) -> None:
        draft = ZoneDraft(
            tier=tier, name=name, legal_basis=LAW, document_number=_paper(number), areas=areas, polygon=polygon,
            replaces=replaces, review_on=at.astimezone(ZONE).date() + timedelta(days=7),
        )
        propose_zone(response=Ref(the_response().ref), draft=draft, by=self.cast.actor("deputy_commander"), at=at)

    def _order_sites(self, at: datetime) -> None:
        title = T("明早 6 点前全部采样点就位", "All sites ready by 06:00 tomorrow")
        text = T(
            "各采样点台位、采样人员、标本箱、警戒线到位,逐点回报。",
            "Benches, samplers, specimen boxes and barriers in place; report site by site.",
        )
        self._order("testing", title, text, june(6, "05:50"), at)

    def _order_visits(self, at: datetime) -> None:
        title = T("今晚逐户追漏", "Find everybody who is missing tonight")
        text = T(
            "各网格对未采样人员逐一电话、上门,登记去向,不漏一户、不漏一人。",
            "Each grid calls and visits everybody not sampled and records where they are.",
        )
        self._order("community", title, text, june(6, "23:30"), at)

    def _order_supplies(self, at: datetime) -> None:
        title = T("管控区生活物资配送到楼", "Daily supplies to every building under control")
        text = T("按楼登记需求,当日送达并逐楼回报。", "Take each building's needs, deliver the same day, report each.")
        self._order("supplies", title, text, june(7, "18:00"), at)

    def _order_deliveries(self, at: datetime) -> None:
        title = T("封控区物资送到户门", "Supplies to every door under lockdown")
        text = T("足不出户期间逐户送达,逐户签收。", "Nobody leaves home: deliver to each door, signed for at each.")
        self._order("supplies", title, text, june(8, "14:00"), at)

    def _order_queues(self, at: datetime) -> None:
        title = T("第四轮各采样点排队有序", "Orderly queues at every site of round four")
        text = T("各点设引导员,保持间距,逐点回报。", "A marshal at each site, distance kept; report site by site.")
        self._order("testing", title, text, june(9, "14:00"), at)

    def _order(self, unit: str, title: T, text: T, due_at: datetime, at: datetime) -> None:
        response = the_response()
        orders.issue_order(
            response=Ref(response.ref), unit=Ref(Unit.objects.get(response_ref=response.ref, key=unit).ref),
            title=title, text=text, due_at=due_at, legal_basis=LAW, review_on=at.astimezone(ZONE).date() + timedelta(days=2),
            by=self.cast.actor("commander"), at=at,
        )

    def _confirm(self, at: datetime) -> None:
        """K1: the city's re-check and the expert panel make it an asymptomatic infection."""
        judge_signal(
            signal=Ref(Signal.objects.get().ref), status="confirmed", classification="confirmed_asymptomatic",
            reason="市疾控复核阳性,专家组判定为无症状感染者", by=self.cast.actor("duty_officer"), at=at,
        )

    def _report(self, day: int) -> Callable[[datetime], None]:
        def play(at: datetime) -> None:
            publish_report(
                day=date(2022, 6, day), cutoff_at=june(day, "24:00"), by=self.cast.actor("duty_officer"), at=at
            )

        return play


def _paper(number: int) -> str:
    """The document number of a zone's decision."""
    return f"演指〔2022〕{number} 号"


def the_response() -> Response:
    """The response that is active in the drill. Errors: `LookupError` before it is."""
    found = activation.active_response()
    if found is None:
        raise LookupError("no response is active")
    return found
