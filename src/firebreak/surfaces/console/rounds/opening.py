"""Opening a round: what it will do in numbers first, then the act. Adding somebody who is on no list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.engine.access.scope import within
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import keyed
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.queries import present_at
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal, RefusalKind
from firebreak.kernel.text import T
from firebreak.operations.rounds import queries
from firebreak.operations.rounds.actions import add_found_person, open_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.rights import OPEN_ROUND, RECORD_ROUND
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import tiers_at
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Effect
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds.forms import FoundForm, OpenForm, in_district
from firebreak.surfaces.console.rounds.scenes import name_of, scene_of

NO_RESPONSE = RefusalKind(
    "no-active-response",
    T(
        "没有正在进行的响应,不能开轮。请先启动预案。",
        "No response is active, so no round can be opened. Activate a plan first.",
    ),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening would do, in numbers, at the present version of the register."""

    people: int
    buildings: int
    sites: int
    tubes: int
    benches_at_least: int
    benches_at_most: int
    samplers: int
    hours: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The numbers as the page shows them."""
        benches = T(
            f"{self.benches_at_least:,}–{self.benches_at_most:,}",
            f"{self.benches_at_least:,}–{self.benches_at_most:,}",
        )
        return (
            Effect(self.people, T("人列入封闭名单", "people on the closed list")),
            Effect(self.buildings, T("栋楼有人,各开一项任务", "buildings with people, one task each")),
            Effect(self.sites, T("个采样点", "sampling sites"), "bad" if not self.sites else ""),
            Effect(self.tubes, T("支采样管,按每栋的混采人数", "tubes, by each building's pool size")),
            Effect(benches, T("个台位(方案)", "benches (plan)")),
            Effect(self.samplers, T("名采样员(方案)", "samplers (plan)")),
            Effect(self.hours, T("小时内完成(方案)", "hours to finish (plan)")),
        )


@needs(OPEN_ROUND, post=OPEN_ROUND)
def open_one(request: HttpRequest) -> HttpResponse:
    """Ask area, number and deadline; show the effect in numbers; only then open."""
    response, now = active_response(), clock.now()
    if response is None:
        raise NO_RESPONSE.because()
    asked = request.POST if request.method == "POST" else request.GET if "area" in request.GET else None
    form = _form(request, response, asked, now)
    preview = None
    if form.is_bound and form.is_valid():
        pack = adopted(response.plan.ref)
        area = Area.objects.get(code=form.cleaned_data["area"])
        if request.method == "POST":
            try:
                ref = _open(request, response, pack, form, now)
            except Refusal as refusal:
                form.add_error(None, str(refusal.text))
            else:
                tell(request, T("本轮已开,任务已派到各楼栋。", "The round is open; every building has its task."))
                return redirect("round", key=str(Round.objects.get(ref=ref).number))
        preview = preview_of(response, pack, area, now)
    return render(request, "console/rounds/open.html", {
        "form": form, "preview": preview, "response": T(response.name_zh, response.name_en), "key": uuid4().hex,
        "basis": response.document_number,
    }, status=422 if form.errors else 200)


def preview_of(response: Response, pack: Pack, area: Area, now: datetime) -> Preview:
    """Count what opening would do. Five queries; reads at most one row per building."""
    plan, zones = pack.section(RoundsSection), pack.section(ZonesSection)
    people_in = _people_by_building(area.path, now)
    tiers = tiers_at(response.ref, Cutoff(now), {tier.key: tier.rank for tier in zones.tiers})
    plain = plan.pool_size(zones)
    sizes = {tier: plan.pool_size(zones, tier=tier) for tier in set(tiers.values()) if tier}
    tubes = sum(-(-count // sizes.get(tiers.get(building, ""), plain)) for building, count in people_in.items())
    people = sum(people_in.values())
    need = plan.staff_need(people)
    near = queries.running_sites().filter(area__path__startswith=area.path).count() or queries.running_sites().count()
    return Preview(
        people, len(people_in), near, tubes, need.benches_at_least, need.benches_at_most, need.samplers,
        plan.hours_to_finish(people),
    )


def _people_by_building(path: str, now: datetime) -> dict[int, int]:
    """Building → people present, as the list would be closed now. One query."""
    present = present_at(path, Cutoff(now))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT building_id, COUNT(*) FROM ({present.sql}) p GROUP BY building_id",  # noqa: S608  constants
            present.params,
        )
        return dict(cursor.fetchall())


def _open(request: HttpRequest, response: Response, pack: Pack, form: OpenForm, now: datetime) -> Ref:
    who, asked = actor(request), form.cleaned_data
    with keyed(f"{who.ref}:{request.POST.get('key', '') or uuid4().hex}"):
        return open_round(
            response=Ref(response.ref), area_code=asked["area"], plan=pack.section(RoundsSection),
            number=asked["number"], due_at=asked["due_at"], by=who, at=now, zones=pack.section(ZonesSection),
        )


def _form(request: HttpRequest, response: Response, asked: object, now: datetime) -> OpenForm:
    latest = (
        Round.objects.filter(response_ref=response.ref).order_by("-number").values_list("number", flat=True).first()
    )
    initial = {
        "area": response.area.code, "number": (latest or 0) + 1, "due_at": in_district(now + timedelta(hours=24)),
    }
    form = OpenForm(asked or None, initial=initial)  # type: ignore[arg-type]  # a QueryDict or nothing
    areas = within(
        Area.objects.filter(path__startswith=response.area.path, level__in=["district", "community"], ended_at=None),
        actor(request), OPEN_ROUND, field="path",
    )
    form.fields["area"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (area.code, str(name_of(area))) for area in areas.order_by("path")
    ]
    return form


@needs(RECORD_ROUND, post=RECORD_ROUND)
def found(request: HttpRequest, key: str) -> HttpResponse:
    """Put somebody on the list who was met and stands on none."""
    scene = scene_of(key, actor(request), RECORD_ROUND)
    form = FoundForm(request.POST or None, initial={"building": request.GET.get("building", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        newcomer = NewPerson(
            name=said["name"], building=said["building"].strip(), kind=said["kind"], door=said["door"],
            id_kind=said["id_kind"], id_number=said["id_number"], birth_on=said["birth_on"], sex=said["sex"],
            phone=said["phone"],
        )
        try:
            with keyed(f"{scene.who.ref}:{request.POST.get('key', '') or uuid4().hex}"):
                ref = add_found_person(round=Ref(scene.row.ref), person=newcomer, by=scene.who, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.text))
        else:
            tell(request, T("已补录,应检人数加一。", "Added; one more person is owed."))
            return redirect("round-person", key=key, token=token_of(ref))
    return render(request, "console/rounds/found.html", {
        "scene": scene, "form": form, "key": uuid4().hex, "trail": [],
    }, status=422 if form.errors else 200)
