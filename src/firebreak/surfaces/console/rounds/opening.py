"""Opening a round: what it will do in numbers first, then the act. Adding somebody who is on no list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from os.path import commonpath
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.engine.access.scope import within
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import keyed
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.plan import RegistrySection
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.rounds import queries
from firebreak.operations.rounds.actions import add_found_person, open_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.rounds.opening import would_list
from firebreak.operations.rounds.plan import RoundsSection, StaffNeed
from firebreak.operations.rounds.rights import OPEN_ROUND, RECORD_ROUND
from firebreak.operations.rounds.rules import words_of
from firebreak.operations.rounds.scope import Scope, outside
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import tiers_at, zone_buildings
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Effect
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds.forms import FoundForm, OpenForm, in_district
from firebreak.surfaces.console.rounds.scenes import name_of, scene_of

LEVELS = ("district", "community")
"""Of what a round may be opened."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening would do, in numbers, at the present version of the register; 0 tubes where there are none."""

    people: int
    left_out: int
    buildings: int
    sites: int
    tubes: int
    need: StaffNeed | None
    hours: int
    site_word: T

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The numbers as the page shows them."""
        site = self.site_word
        shown = [
            Effect(self.people, T("人列入封闭名单", "people on the closed list")),
            Effect(self.buildings, T("栋楼有人,各开一项任务", "buildings with people, one task each")),
            Effect(self.sites, T(f"个{site.zh}", f"{site.en}, all in all"), "bad" if not self.sites else ""),
        ]
        if self.left_out:
            beyond = T("人不在本轮范围,记为不应到", "people this round does not cover, written down as not owed")
            shown.insert(1, Effect(self.left_out, beyond))
        if self.tubes:
            shown.append(Effect(self.tubes, T("支采样管,按每栋的混采人数", "tubes, by each building's pool size")))
        if self.need is not None:
            benches = f"{self.need.benches_at_least:,}–{self.need.benches_at_most:,}"
            shown.append(Effect(T(benches, benches), T("个台位(方案)", "benches (plan)")))
            shown.append(Effect(self.need.samplers, T("名采样员(方案)", "samplers (plan)")))
        return (*shown, Effect(self.hours, T("小时内完成(方案)", "hours to finish (plan)")))


@needs(OPEN_ROUND, post=OPEN_ROUND)
def open_one(request: HttpRequest) -> HttpResponse:
    """Ask area, number and deadline; show the effect in numbers; only then open."""
    response, now = active_response(), clock.now()
    if response is None:
        raise NO_RESPONSE.because()
    asked = request.POST if request.method == "POST" else request.GET if "area" in request.GET else None
    form = _form(request, response, asked, now)
    preview, scope, area, words = None, None, None, words_of(adopted(response.plan.ref).section(RoundsSection))
    if form.is_bound and form.is_valid():
        pack = adopted(response.plan.ref)
        scope = scope_of(form.cleaned_data["who"], response, pack)
        area = _area_of(scope, Area.objects.get(code=form.cleaned_data["area"]), now)
        try:
            if request.method == "POST":
                ref = _open(request, response, pack, form, area, scope, now)
                tell(request, T("本轮已开,任务已派到各楼栋。", "The round is open; every building has its task."))
                return redirect("round", key=str(Round.objects.get(ref=ref).number))
            preview = preview_of(response, pack, area, now, scope)
        except Refusal as refusal:
            form.add_error(None, str(refusal.text))
    return render(
        request,
        "console/rounds/open.html",
        {
            "form": form,
            "preview": preview,
            "scope": scope,
            "area": name_of(area) if area else None,
            "response": T(response.name_zh, response.name_en),
            "key": uuid4().hex,
            "basis": response.document_number,
            "kind": words["round"],
            "site_word": words["site"],
        },
        status=422 if form.errors else 200,
    )


def preview_of(response: Response, pack: Pack, area: Area, now: datetime, scope: Scope | None = None) -> Preview:
    """Count what opening would do. Eight queries at most; reads at most one row per building.

    Errors: refuses `nobody-in-scope`.
    """
    plan, zones = pack.section(RoundsSection), pack.section(ZonesSection)
    people_in, left_out = would_list(area.path, plan, now, outside(scope, response.ref, zones, now))
    tubes = 0
    if plan.proof == "tube":
        tiers = tiers_at(response.ref, Cutoff(now), {tier.key: tier.rank for tier in zones.tiers})
        plain = plan.pool_size(zones)
        sizes = {tier: plan.pool_size(zones, tier=tier) for tier in set(tiers.values()) if tier}
        tubes = sum(-(-count // sizes.get(tiers.get(building, ""), plain)) for building, count in people_in.items())
    people = sum(people_in.values())
    near = queries.running_sites().filter(area__path__startswith=area.path).count() or queries.running_sites().count()
    return Preview(
        people,
        left_out,
        len(people_in),
        near,
        tubes,
        plan.staff_need(people),
        plan.hours_to_finish(people),
        words_of(plan)["site"],
    )


def scope_of(asked: str, response: Response, pack: Pack) -> Scope | None:
    """What `zone:<ref>`, `tier:<key>` or `need:<key>` of the form means; None for everybody."""
    kind, _, key = asked.partition(":")
    if kind == "zone":
        zone = Zone.objects.get(ref=key, response_ref=response.ref)
        return Scope(kind, key, zone.name_zh, zone.name_en)
    if kind == "tier":
        tier = pack.section(ZonesSection).tier(key)
        return Scope(kind, key, tier.name_zh, tier.name_en)
    if kind == "need":
        need = pack.section(RegistrySection).need(key)
        return Scope(kind, key, need.name_zh, need.name_en)
    return None


def _area_of(scope: Scope | None, asked: Area, now: datetime) -> Area:
    """The smallest district or community that holds all of a zone, whichever was asked for; else that one."""
    if scope is None or scope.kind != "zone":
        return asked
    paths = list(zone_buildings(Zone.objects.get(ref=scope.key), now).values_list("path", flat=True))
    if not paths:
        return asked
    shared = commonpath(paths) + "/"
    held = [area for area in Area.objects.filter(level__in=LEVELS, ended_at=None) if shared.startswith(area.path)]
    return max(held, key=lambda area: len(area.path), default=asked)


def _open(
    request: HttpRequest, response: Response, pack: Pack, form: OpenForm, area: Area, scope: Scope | None, now: datetime
) -> Ref:
    who, asked = actor(request), form.cleaned_data
    with keyed(f"{who.ref}:{request.POST.get('key', '') or uuid4().hex}"):
        return open_round(
            response=Ref(response.ref), area_code=area.code, scope=scope, plan=pack.section(RoundsSection),
            number=asked["number"], due_at=asked["due_at"], by=who, at=now, zones=pack.section(ZonesSection),
        )


def _form(request: HttpRequest, response: Response, asked: object, now: datetime) -> OpenForm:
    latest = (
        Round.objects.filter(response_ref=response.ref).order_by("-number").values_list("number", flat=True).first()
    )
    initial = {
        "who": request.GET.get("who", ""),
        "area": response.area.code, "number": (latest or 0) + 1, "due_at": in_district(now + timedelta(hours=24)),
    }
    form = OpenForm(asked or None, initial=initial)  # type: ignore[arg-type]  # a QueryDict or nothing
    areas = within(
        Area.objects.filter(path__startswith=response.area.path, level__in=LEVELS, ended_at=None),
        actor(request), OPEN_ROUND, field="path",
    )
    form.fields["who"].choices = _whom(response)  # type: ignore[attr-defined]  # a ChoiceField
    form.fields["area"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (area.code, str(name_of(area))) for area in areas.order_by("path")
    ]
    return form


def _whom(response: Response) -> list[tuple[str, str]]:
    """Everybody first, then each zone in force, each tier somebody is under, each need the plan gives a round of its own."""
    pack = adopted(response.plan.ref)
    held = list(Zone.objects.filter(response_ref=response.ref, status=Zone.Status.IN_FORCE).order_by("id"))
    tiers = {zone.tier for zone in held}
    words = (T("区域里的每个人", "everybody in the area"), T("只采{name}", "only {name}"), T("只采各{name}", "every {name}"))
    rounds, zones, registry = pack.section(RoundsSection), pack.section(ZonesSection), pack.section(RegistrySection)
    return [
        ("", str(words[0])),
        *((f"zone:{zone.ref}", str(words[1].filled(name=T(zone.name_zh, zone.name_en)))) for zone in held),
        *((f"tier:{one.key}", str(words[2].filled(name=one.name))) for one in zones.tiers if one.key in tiers),
        *((f"need:{key}", str(words[1].filled(name=registry.need(key).name))) for key in rounds.own_round_needs),
    ]


@needs(RECORD_ROUND, post=RECORD_ROUND)
def found(request: HttpRequest, key: str) -> HttpResponse:
    """Put somebody on the list who was met and stands on none."""
    scene = scene_of(key, actor(request), RECORD_ROUND)
    form = FoundForm(request.POST or None, initial={name: request.GET.get(name, "")[:40] for name in ("building", "door")})
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
