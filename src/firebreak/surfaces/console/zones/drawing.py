"""Drawing a zone: the form, what it would hold in numbers, and the proposal a second person decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazystr

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.acting import keyed
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Household, Presence
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.zones import queries, rules
from firebreak.operations.zones.actions import propose_zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.rights import PROPOSE_ZONE
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.maps import ZoneDrawn, district_frame
from firebreak.surfaces.common.shapes import Effect, MapFrame
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds.forms import MomentField, in_district, said
from firebreak.surfaces.console.rounds.opening import NO_RESPONSE

PLACE = "console/zones/"
LARGEST_FILE = 2_000_000


class ProposeForm(forms.Form):
    """A zone as somebody proposes it: drawn by a polygon, or named by area codes."""

    tier = forms.ChoiceField(label=said("分区等级", "Tier"))
    name_zh = forms.CharField(label=said("名称(中文)", "Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=said("名称(英文)", "Name in English"), max_length=80, required=False)
    codes = forms.CharField(
        label=said("楼栋、网格或社区编码", "Codes of buildings, grids or communities"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    polygon = forms.CharField(
        label=said("或粘贴 GeoJSON 边界", "or paste a GeoJSON border"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    file = forms.FileField(label=said("或上传 .geojson", "or upload a .geojson"), required=False)
    legal_basis = forms.CharField(label=said("法律依据", "Legal basis"), max_length=200)
    document_number = forms.CharField(label=said("文号", "Document number"), max_length=60)
    effective_at = MomentField(said("生效时间", "Takes effect"))
    review_on = forms.DateField(label=said("复核日", "Review day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """One way of drawing, and not two."""
        given = super().clean() or self.cleaned_data
        upload = given.get("file")
        if upload is not None and upload.size > LARGEST_FILE:
            self.add_error("file", str(T("文件太大,最多 2 MB。", "The file is too large; 2 MB at most.")))
        elif upload is not None:
            given["polygon"] = upload.read().decode("utf-8", "replace")
        if bool(given.get("polygon")) == bool(given.get("codes", "").strip()):
            raise forms.ValidationError(str(T(
                "请写编码,或给边界,二者选一。", "Give codes or a border, one of the two.",
            )))
        return given

    @property
    def border(self) -> Mapping[str, Any] | None:
        """The border as GeoJSON. Errors: refuses `not-a-polygon`."""
        text = self.cleaned_data.get("polygon", "").strip()
        if not text:
            return None
        try:
            drawn: Mapping[str, Any] = json.loads(text)
        except ValueError as wrong:
            raise rules.NOT_A_POLYGON.because(what=str(wrong)[:60]) from wrong
        return drawn

    @property
    def areas(self) -> list[str]:
        """The codes, however they were separated."""
        text = self.cleaned_data.get("codes", "")
        return [code for code in text.replace(",", " ").replace("\uff0c", " ").replace("、", " ").split() if code]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a zone would hold, in numbers, before anybody is asked to approve it."""

    buildings: int
    households: int
    people: int
    already: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The numbers as the page shows them."""
        return (
            Effect(self.buildings, T("栋楼", "buildings")), Effect(self.households, T("户", "households")),
            Effect(self.people, T("人在册", "people on the register")),
            Effect(self.already, T("栋已在别的分区内,取最严", "buildings in another zone too; the strictest holds"),
                   "warn" if self.already else ""),
        )


@needs(PROPOSE_ZONE, post=PROPOSE_ZONE)
def propose(request: HttpRequest) -> HttpResponse:
    """Draw a zone, see its effect in numbers, then propose it; a second person approves where it restricts."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    section = adopted(response.plan.ref).section(ZonesSection)
    form = ProposeForm(request.POST or None, request.FILES or None, initial=_initial(section))
    form.fields["tier"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (tier.key, lazystr(T(f"{tier.letter_zh} {tier.name_zh}", f"{tier.letter_en} {tier.name_en}")))
        for tier in section.tiers
    ]
    reach = None
    if form.is_bound and form.is_valid():
        try:
            reach = reach_of(response, form)
            if request.POST.get("step") == "propose":
                return _propose(request, response, section, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal.text))
            reach = None
    tier = section.tier(form.cleaned_data["tier"]) if reach else None
    return render(
        request,
        PLACE + "propose.html",
        {
            "form": form,
            "reach": reach,
            "tier": tier,
            "key": uuid4().hex,
            "within": T(response.area.name_zh, response.area.name_en),
            "rule": T(tier.rule.value.zh, tier.rule.value.en) if tier else "",
            "frame": _preview_frame(response, form) if reach else None,
        },
        status=422 if form.errors else 200,
    )


def reach_of(response: Response, form: ProposeForm) -> Reach:
    """Count what the zone would hold. Errors: what drawing it would refuse. Six queries."""
    chosen = _chosen(response, form)
    already = queries.memberships(response.ref, Cutoff(clock.now()))
    people = Presence.objects.filter(building_id__in=chosen).values("person_id").distinct().count()
    return Reach(
        len(chosen), Household.objects.filter(building_id__in=chosen).count(), people, len(chosen & already.keys())
    )


def _chosen(response: Response, form: ProposeForm) -> set[int]:
    """Keys of the buildings meant; the same judgement as the action's."""
    border, path = form.border, response.area.path
    found: set[int] = set()
    if border is not None:
        found.update(rules.enclosed(rules.read_polygon(border), queries.spots_within(path)))
    known = dict(Area.objects.filter(code__in=form.areas, path__startswith=path).values_list("code", "path"))
    unknown = [code for code in form.areas if code not in known]
    if unknown:
        raise rules.UNKNOWN_BUILDINGS.because(codes="、".join(unknown[:10]))
    for inner in known.values():
        below = Area.objects.filter(level=Area.Level.BUILDING, path__startswith=inner, ended_at=None)
        found.update(below.values_list("id", flat=True))
    if not found:
        raise rules.EMPTY_ZONE.because()
    return found


def _propose(request: HttpRequest, response: Response, section: ZonesSection, form: ProposeForm) -> HttpResponse:
    asked, who = form.cleaned_data, actor(request)
    with keyed(f"{who.ref}:{request.POST.get('key', '') or uuid4().hex}"):
        ref = propose_zone(
            response=Ref(response.ref), within=response.area.path, section=section, tier=asked["tier"],
            name=T(asked["name_zh"], asked["name_en"] or asked["name_zh"]), legal_basis=asked["legal_basis"],
            document_number=asked["document_number"], effective_at=asked["effective_at"], review_on=asked["review_on"],
            by=who, at=clock.now(), polygon=form.border, areas=form.areas,
        )
    if section.tier(asked["tier"]).restrictive:
        tell(request, T("已提出,等另一人批准。", "Proposed; another person must approve it."))
    else:
        tell(request, T("已生效。", "It is in force."))
    return redirect("zone", token=token_of(ref))


def _initial(section: ZonesSection) -> dict[str, object]:
    now = clock.now()
    first = section.tiers[0]
    days = min(7, first.max_days_before_review.value)
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return {
        "effective_at": in_district(now), "review_on": (today + timedelta(days=days)).isoformat(),
        "legal_basis": str(T(first.legal_basis.value.zh, first.legal_basis.value.en)),
    }


def _preview_frame(response: Response, form: ProposeForm) -> MapFrame | None:
    drawn = ZoneDrawn(
        form.cleaned_data["tier"],
        T(form.cleaned_data["name_zh"], form.cleaned_data["name_en"] or form.cleaned_data["name_zh"]),
        form.border,
        sorted(_chosen(response, form)),
    )
    return district_frame(T("会划在哪里?", "Where would it be?"), {}, [drawn])
