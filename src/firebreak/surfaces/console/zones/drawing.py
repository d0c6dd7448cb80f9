"""Drawing a zone: the form, what it would hold in numbers, and the proposal a second person decides."""

import json
from collections.abc import Mapping
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
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.zoning import actions as zoning
from firebreak.command.zoning.actions import ZoneDraft
from firebreak.command.zoning.preview import Preview
from firebreak.engine.journal.acting import keyed
from firebreak.engine.plans.queries import adopted
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.operations.zones import queries, rules, shapes
from firebreak.operations.zones.actions import needs_second
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.rights import PROPOSE_ZONE
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.maps import ZoneDrawn, district_frame
from firebreak.surfaces.common.shapes import MapFrame
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.rounds.forms import MomentField, said
from firebreak.surfaces.console.zones.previews import look_of

PLACE = "console/zones/"
LARGEST_FILE = 2_000_000
WGS84, GCJ02 = "wgs84", "gcj02"


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
    datum = forms.ChoiceField(
        label=said("边界的坐标系", "Coordinates of the border"), required=False, initial=WGS84,
        choices=[(WGS84, "WGS-84"), (GCJ02, lazystr(T("GCJ-02(国内地图)", "GCJ-02 (maps of mainland China)")))],
    )
    file = forms.FileField(label=said("或上传 .geojson", "or upload a .geojson"), required=False)
    legal_basis = forms.CharField(label=said("法律依据", "Legal basis"), max_length=200)
    document_number = forms.CharField(label=said("文号", "Document number"), max_length=60)
    effective_at = MomentField(said("生效时间", "Takes effect"), required=False)
    review_on = forms.DateField(label=said("复核日", "Review day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """One way of drawing, and not two."""
        given = super().clean() or self.cleaned_data
        upload = given.get("file")
        if upload is not None and upload.size > LARGEST_FILE:
            self.add_error("file", str(T("文件太大,最多 2 MB。", "The file is too large; 2 MB at most.")))
        elif upload is not None:
            given["polygon"] = upload.read().decode("utf-8", "replace")
        if given.get("polygon", "").strip():
            given["polygon"] = _in_wgs84(given["polygon"], given.get("datum", ""))
            # A browser does not send a file twice, and a border is converted once: the next step finds it in its box.
            self.data = {**self.data.dict(), "polygon": given["polygon"], "datum": WGS84}  # type: ignore[attr-defined]  # a QueryDict
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

    def draft(self, old: Zone | None) -> ZoneDraft:
        """The zone as asked for, in place of `old` when given. Errors: refuses `not-a-polygon`."""
        asked = self.cleaned_data
        return ZoneDraft(
            tier=asked["tier"], name=T(asked["name_zh"], asked["name_en"] or asked["name_zh"]),
            legal_basis=asked["legal_basis"], document_number=asked["document_number"], review_on=asked["review_on"],
            effective_at=asked["effective_at"], polygon=self.border, areas=self.areas, replaces=old.ref if old else "",
        )


def _in_wgs84(text: str, datum: str) -> str:
    """A border as typed, converted when it was drawn on a map that is moved by law."""
    try:
        drawn = json.loads(text) if datum == GCJ02 else None
    except ValueError:
        drawn = None
    return json.dumps(shapes.converted(drawn), ensure_ascii=False) if isinstance(drawn, dict) else text


@needs(PROPOSE_ZONE, post=PROPOSE_ZONE)
def propose(request: HttpRequest) -> HttpResponse:
    """Draw a zone, see what it would do to whom, then propose it; a second person approves where it restricts.

    `?replaces=` changes the tier or the area of a zone in force.
    """
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    section = adopted(response.plan.ref).section(ZonesSection)
    old = _replaced(request.POST.get("replaces") or request.GET.get("replaces", ""), response)
    begun = _initial(section, old)
    if request.POST.get("step") == "drawn":
        drawn = {key: request.POST.get(key, "") for key in ("polygon", "codes")}
        form = ProposeForm(initial=begun | drawn)
    else:
        form = ProposeForm(request.POST or None, request.FILES or None, initial=begun)
    form.fields["tier"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (tier.key, lazystr(T(f"{tier.letter_zh} {tier.name_zh}", f"{tier.letter_en} {tier.name_en}")))
        for tier in section.tiers
    ]
    preview = None
    if form.is_bound and form.is_valid():
        try:
            draft = form.draft(old)
            preview = zoning.look_at(response, draft, clock.now())
            if request.POST.get("step") == "propose":
                return _propose(request, response, section, draft, old)
        except Refusal as refusal:
            form.add_error(None, str(refusal.text))
            preview = None
    tier = section.tier(form.cleaned_data["tier"]) if preview else None
    return render(
        request,
        PLACE + "propose.html",
        {
            "form": form,
            "look": look_of(response, preview, actor(request)) if preview else None,
            "tier": tier,
            "two": tier is not None and needs_second(section, tier.key, old),
            "key": uuid4().hex,
            "old": old, "old_token": token_of(old.ref) if old else "",
            "old_name": T(old.name_zh, old.name_en or old.name_zh) if old else "",
            "within": T(response.area.name_zh, response.area.name_en),
            "rule": T(tier.rule.value.zh, tier.rule.value.en) if tier else "",
            "frame": _preview_frame(form, preview) if preview else None,
        },
        status=422 if form.errors else 200,
    )


def _propose(
    request: HttpRequest, response: Response, section: ZonesSection, draft: ZoneDraft, old: Zone | None
) -> HttpResponse:
    who = actor(request)
    with keyed(f"{who.ref}:{request.POST.get('key', '') or uuid4().hex}"):
        ref = zoning.propose_zone(response=Ref(response.ref), draft=draft, by=who, at=clock.now())
    if needs_second(section, draft.tier, old):
        tell(request, T("已提出,等另一人批准。", "Proposed; another person must approve it."))
    else:
        tell(request, T("已生效,指令和告知书已发出。", "It is in force; its orders and notices have left."))
    return redirect("zone", token=token_of(ref))


def _replaced(token: str, response: Response) -> Zone | None:
    """The zone in force that is to be changed. Errors: refuses `not-found`."""
    if not token:
        return None
    row = Zone.objects.filter(ref=make_ref("zone", token), response_ref=response.ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def _initial(section: ZonesSection, old: Zone | None) -> dict[str, object]:
    """What the plan, or the zone to be changed, already says."""
    first = section.tiers[0]
    days = min(7, first.max_days_before_review.value)
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    known: dict[str, object] = {
        "review_on": (today + timedelta(days=days)).isoformat(),
        "legal_basis": str(T(first.legal_basis.value.zh, first.legal_basis.value.en)),
    }
    if old is not None:
        border = json.dumps(old.geometry, ensure_ascii=False) if old.geometry else ""
        codes = "" if border else " ".join(queries.zone_buildings(old, clock.now()).values_list("code", flat=True))
        known |= {
            "tier": old.tier, "name_zh": old.name_zh, "name_en": old.name_en, "legal_basis": old.legal_basis,
            "polygon": border, "codes": codes,
        }
    return known


def _preview_frame(form: ProposeForm, preview: Preview) -> MapFrame | None:
    drawn = ZoneDrawn(
        form.cleaned_data["tier"],
        T(form.cleaned_data["name_zh"], form.cleaned_data["name_en"] or form.cleaned_data["name_zh"]),
        form.border,
        [stake.building for stake in preview.stakes],
    )
    return district_frame(T("会划在哪里?", "Where would it be?"), {}, [drawn])
