"""An alert as CAP 1.2 (OASIS Common Alerting Protocol): the format in which other systems take it over.

Times carry the district's offset and no fraction, coordinates are WGS-84 `latitude,longitude`, rings are closed;
identifier and sender hold no space, comma, `<` or `&`. Says nothing of any person.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import shapely
from django.conf import settings
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from firebreak.command.activation.models import Response
from firebreak.command.zoning.measures import measures_of
from firebreak.command.zoning.models import Alert
from firebreak.engine.areas.models import Area
from firebreak.kernel.text import T
from firebreak.operations.zones.plan import ZonesSection, ZoneTier
from firebreak.operations.zones.rules import read_polygon

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
AROUND_DEGREES = 0.0002
SOON = timedelta(hours=1)
Ring = list[tuple[float, float]]
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_EVENT = T("疫情防控分区", "Epidemic control zone")
_LIFTED = T("解除{zone}", "{zone} is lifted")
_SET = T("{zone}为{tier}", "{zone} is a {tier}")
_AREA = T("{zone},{n} 栋", "{zone}, {n} buildings")
_ENDED = T("本分区的规则不再适用;楼栋如仍在其他分区内,按那一分区的规则执行。",
           "The rules of this zone no longer hold; a building that stands in another zone follows that one's rules.")
_HELP = T("求助电话 {phone}。", "For help call {phone}.")
_NOTE = "演练 EXERCISE: nothing in this message is real"


def identifier(area_code: str, token: str) -> str:
    """An identifier no other alert has: the sender's name and the alert's token."""
    return f"{sender(area_code)}.{token}"


def sender(area_code: str) -> str:
    """Who sends: the program for this district."""
    return "firebreak." + re.sub(r"[^A-Za-z0-9-]", "-", area_code)


def document(
    alert: Alert, response: Response, section: ZonesSection, *, places: Sequence[Ring], exercise: bool, buildings: int
) -> str:
    """The message as text. `places` are closed rings in longitude, latitude."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("alert"))
    earlier = alert.earlier
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", sender(response.area.code))
    _add(root, "sent", moment(alert.sent_at))
    _add(root, "status", "Exercise" if exercise else "Actual")
    _add(root, "msgType", "Alert" if earlier is None else "Update")
    _add(root, "scope", "Public")
    if exercise:
        _add(root, "note", _NOTE)
    if earlier is not None:
        _add(root, "references", f"{sender(response.area.code)},{earlier.identifier},{moment(earlier.sent_at)}")
    for language in _LANGUAGES:
        _info(root, language, alert, response, section, places, buildings)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def outlines(border: Mapping[str, Any] | None, places: Sequence[Area]) -> list[Ring]:
    """Closed outer rings (longitude, latitude): of the border that was drawn, else round each building, joined."""
    if border is not None:
        return _rings(read_polygon(border))
    bounds = [_bounds(place) for place in places if place.geometry or place.lon is not None]
    if not bounds:
        return []
    west, south, east, north = (list(side) for side in zip(*bounds, strict=True))
    return _rings(shapely.union_all(shapely.box(west, south, east, north)))


def moment(at: datetime) -> str:
    """A moment as CAP writes it: district time with its offset, whole seconds."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")


def _info(
    root: ET.Element, language: str, alert: Alert, response: Response, section: ZonesSection, places: Sequence[Ring],
    buildings: int,
) -> None:
    info = ET.SubElement(root, _tag("info"))
    zone, tier = alert.zone, section.tier(alert.tier) if alert.tier else None
    name = T(zone.name_zh, zone.name_en or zone.name_zh)

    def say(text: T) -> str:
        return text.zh if language == "zh" else text.en

    _add(info, "language", _LANGUAGES[language])
    _add(info, "category", "Health")
    _add(info, "event", say(_EVENT))
    _add(info, "responseType", _response_type(tier))
    _add(info, "urgency", _urgency(alert, tier))
    _add(info, "severity", _severity(tier))
    _add(info, "certainty", "Observed")
    _add(info, "effective", moment(alert.sent_at))
    _add(info, "onset", moment(alert.effective_at))
    _add(info, "senderName", say(T(response.name_zh, response.name_en)))
    _add(info, "headline", say(_LIFTED.filled(zone=name) if tier is None else _SET.filled(zone=name, tier=tier.name)))
    _add(info, "description", say(_ENDED if tier is None else tier.rule.value.text))
    _add(info, "instruction", say(instruction(section, tier)))
    if section.notice is not None:
        _add(info, "contact", section.notice.help_line.value)
    _add(info, "parameter", (("valueName", "tier"), ("value", alert.tier or "none")))
    _add(info, "parameter", (("valueName", "document"), ("value", zone.document_number)))
    area = ET.SubElement(info, _tag("area"))
    _add(area, "areaDesc", say(_AREA.filled(zone=name, n=buildings)))
    for ring in places:
        _add(area, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in ring))
    _add(area, "geocode", (("valueName", "firebreak:area"), ("value", response.area.code)))


def instruction(section: ZonesSection, tier: ZoneTier | None) -> T:
    """What people are asked to do, measure by measure, and whom to call."""
    said = [] if tier is None else [T(f"{one.name.zh}:{one.words.zh}", f"{one.name.en}: {one.words.en}")
                                    for one in measures_of(tier)]
    whole = T(";".join(part.zh for part in said), "; ".join(part.en for part in said)) if said else _ENDED
    if section.notice is None:
        return whole
    call = _HELP.filled(phone=section.notice.help_line.value)
    return T(f"{whole.zh.rstrip('。')}。{call.zh}", f"{whole.en.rstrip('.')}. {call.en}")


def _response_type(tier: ZoneTier | None) -> str:
    if tier is None:
        return "AllClear"
    if tier.measures.leave_home.value == "not_allowed":
        return "Shelter"
    return "Avoid" if tier.restrictive else "Monitor"


def _urgency(alert: Alert, tier: ZoneTier | None) -> str:
    if tier is None:
        return "Past"
    return "Immediate" if alert.effective_at - alert.sent_at <= SOON else "Expected"


def _severity(tier: ZoneTier | None) -> str:
    if tier is None or not tier.restrictive:
        return "Minor"
    return "Severe" if tier.measures.leave_home.value == "not_allowed" else "Moderate"


def _bounds(place: Area) -> tuple[float, float, float, float]:
    if place.geometry:
        west, south, east, north = shape(dict(_bare(place.geometry))).bounds
    else:
        west, south = east, north = place.lon or 0.0, place.lat or 0.0
    return west - AROUND_DEGREES, south - AROUND_DEGREES, east + AROUND_DEGREES, north + AROUND_DEGREES


def _bare(geometry: Mapping[str, Any]) -> Mapping[str, Any]:
    if geometry.get("type") == "FeatureCollection":
        return _bare(geometry["features"][0])
    return geometry["geometry"] if geometry.get("type") == "Feature" else geometry


def _rings(drawn: BaseGeometry) -> list[Ring]:
    """The outer ring of each part; CAP knows no holes."""
    return [
        [(float(point[0]), float(point[1])) for point in part.exterior.coords]
        for part in shapely.get_parts(drawn).tolist() if isinstance(part, Polygon)
    ]


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: ET.Element, name: str, value: str | tuple[tuple[str, str], ...]) -> None:
    """An element with text, or with named children."""
    element = ET.SubElement(parent, _tag(name))
    if isinstance(value, str):
        element.text = value
        return
    for key, text in value:
        ET.SubElement(element, _tag(key)).text = text
