"""What is made known of a zone: the sheet for each door, and the alert as CAP 1.2 for other systems.

The code on a sheet says only what the sheet says; nobody is named on either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import latest_response, plan_at
from firebreak.command.headquarters.queries import local
from firebreak.command.zoning import queries
from firebreak.command.zoning.actions import response_of
from firebreak.command.zoning.cap import NAMESPACE, moment
from firebreak.command.zoning.measures import Measure, measures_of
from firebreak.command.zoning.models import Alert, Notice
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Household
from firebreak.engine.registry.rights import REGISTRY_READ
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.rounds.boards import running_round
from firebreak.operations.rounds.models import SiteDuty
from firebreak.operations.zones.plan import NoticeTerms, ZonesSection, ZoneTier
from firebreak.operations.zones.rights import READ_ZONES
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.qr import qr_of
from firebreak.surfaces.console.people.wording import TOLD

PRINTED = 100
FEED = 100
CAP_TYPE = "application/cap+xml"
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The notice of one building (or of one door of it), ready to print."""

    building: T
    code: str
    door: str
    tier: ZoneTier | None
    rule: T
    measures: tuple[Measure, ...]
    qr: SafeString
    site: T | None
    before: T | None


@needs(READ_ZONES)
def sheets(request: HttpRequest, token: str) -> HttpResponse:
    """The sheets of an alert on paper, a hundred at a time; `?area=` those of a place, `?household=` that of a door."""
    alert = queries.find_alert(make_ref("alert", token))
    if alert is None:
        raise NOT_FOUND.because()
    response = response_of(Ref(alert.response_ref))
    within, door = _asked(request, response)
    after = request.GET.get("after", "")
    found = queries.notices_of(alert, within, int(after) if after.isdecimal() else 0, PRINTED + 1)
    if not found:
        raise NOT_FOUND.because()
    shown, more = found[:PRINTED], found[PRINTED:]
    section = adopted(plan_at(response, alert.sent_at).ref).section(ZonesSection)
    running = running_round()
    return render(request, "console/zones/notices.html", {
        "sheets": _sheets(alert, section, shown, door), "alert": alert, "zone": alert.zone,
        "name": T(alert.zone.name_zh, alert.zone.name_en or alert.zone.name_zh), "notice": section.notice,
        "appeal": _appeal(section.notice), "begins": alert.effective_at, "by": T(response.name_zh, response.name_en),
        "round": running, "more": f"?after={shown[-1].pk}" if more else "",
        "kind": TOLD[alert.kind], "phone": section.notice.help_line.value if section.notice else "",
    })


@needs(READ_ZONES)
def cap_file(request: HttpRequest, token: str) -> HttpResponse:
    """An alert as it was issued, CAP 1.2."""
    alert = queries.find_alert(make_ref("alert", token))
    if alert is None:
        raise NOT_FOUND.because()
    name = f"{alert.identifier}.xml"
    return HttpResponse(
        alert.document, content_type=f"{CAP_TYPE}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@needs(READ_ZONES)
def feed(request: HttpRequest) -> HttpResponse:
    """The latest alerts as an Atom feed whose entries link to their CAP files."""
    response = latest_response()
    found = list(queries.alerts(response.ref, FEED)) if response else []
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    here = request.build_absolute_uri(reverse("zone-alerts"))
    _put(root, "id", here)
    _put(root, "title", str(T("分区公告", "Alerts about zones")))
    _put(root, "updated", moment(found[0].sent_at if found else clock.now()))
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _put(author, "name", str(T(response.name_zh, response.name_en)) if response else "Firebreak")
    ET.SubElement(root, f"{{{ATOM}}}link", rel="self", href=here)
    for alert in found:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _put(entry, "id", f"{NAMESPACE}:{alert.identifier}")
        _put(entry, "title", str(_headline(alert)))
        _put(entry, "updated", moment(alert.sent_at))
        href = request.build_absolute_uri(reverse("zone-alert", args=[token_of(alert.ref)]))
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", type=CAP_TYPE, href=href)
    ET.indent(root)
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _headline(alert: Alert) -> T:
    word, zone = TOLD[alert.kind], alert.zone
    return T(f"{word.zh}:{zone.name_zh}", f"{zone.name_en or zone.name_zh}: {word.en}")


def _asked(request: HttpRequest, response: Response) -> tuple[str, str]:
    """The area path to print, and the door when one household was named. Errors: refuses `not-found`."""
    token, code = request.GET.get("household", ""), request.GET.get("area", "")
    if token:
        home = Household.objects.select_related("building").filter(ref=make_ref("household", token)).first()
        if home is None or not actor(request).may(REGISTRY_READ, area=home.building.path):
            raise NOT_FOUND.because()
        return home.building.path, home.door
    if not code:
        return response.area.path, ""
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NOT_FOUND.because()
    return area.path, ""


def _sheets(alert: Alert, section: ZonesSection, rows: Sequence[Notice], door: str) -> list[Sheet]:
    running = running_round()
    duties = {} if running is None else {
        duty.building_id: T(duty.site.name_zh, duty.site.name_en)
        for duty in SiteDuty.objects.filter(
            round=running, building_id__in=[row.building_id for row in rows]
        ).select_related("site")
    }
    drawn: dict[str, tuple[T, tuple[Measure, ...], SafeString]] = {}
    sheets = []
    for row in rows:
        tier = section.tier(row.after) if row.after else None
        if row.after not in drawn:
            rule = T("原分区规则解除。", "The rule of the former zone is lifted.") if tier is None else tier.rule.value.text
            drawn[row.after] = rule, measures_of(tier) if tier else (), _code(alert, tier, section.notice, alert.effective_at)
        sheets.append(Sheet(
            T(row.building.name_zh, row.building.name_en or row.building.name_zh), row.building.code, door, tier,
            *drawn[row.after], duties.get(row.building_id), section.tier(row.before).name if row.before else None,
        ))
    return sheets


def _code(alert: Alert, tier: ZoneTier | None, notice: NoticeTerms | None, begins: datetime) -> SafeString:
    """What the sheet says, for a telephone: no link, no person."""
    zone = T(alert.zone.name_zh, alert.zone.name_en or alert.zone.name_zh)
    rule = T("解除", "lifted") if tier is None else T(
        f"{tier.name_zh}。{tier.rule.value.zh}", f"{tier.name_en}. {tier.rule.value.en}"
    )
    phone = notice.help_line.value if notice else ""
    said = T(
        f"{zone.zh} {local(begins)} 起:{rule.zh} 求助 {phone}。{alert.identifier}",
        f"{zone.en} from {local(begins)}: {rule.en} Help: {phone}. {alert.identifier}",
    )
    return qr_of(str(said), error="m", css="poster-qr")


def _appeal(notice: NoticeTerms | None) -> T | str:
    return notice.appeal.value.text if notice else ""


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text
