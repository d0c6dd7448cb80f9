"""CAP 1.2 as the OASIS standard writes it: the order of elements, which must be there, and the code lists."""

import re
from xml.etree import ElementTree as ET

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ALERT = [
    "identifier!", "sender!", "sent!", "status!", "msgType!", "source", "scope!", "restriction", "addresses", "code*", "note",
    "references", "incidents", "info*",
]
INFO = [
    "language", "category+", "event!", "responseType*", "urgency!", "severity!", "certainty!", "audience", "eventCode*",
    "effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact", "parameter*",
    "resource*", "area*",
]
AREA = ["areaDesc!", "polygon*", "circle*", "geocode*", "altitude", "ceiling"]
CODES = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"},
    "responseType": {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$")
PLAIN = re.compile(r"^[^\s,&<]+$")


def faults(document: str) -> list[str]:
    """Everything in which a message departs from the standard; nothing when it is sound."""
    root = ET.fromstring(document)  # noqa: S314  our own document
    found = [] if root.tag == f"{{{NAMESPACE}}}alert" else [f"root is {root.tag}"]
    found += _children(root, ALERT)
    for info in _all(root, "info"):
        found += _children(info, INFO)
        for area in _all(info, "area"):
            found += _children(area, AREA)
            found += [fault for ring in _all(area, "polygon") for fault in _ring(ring.text or "")]
        found += [
            f"{pair.tag} is no pair" for key in ("eventCode", "parameter") for pair in _all(info, key)
            if [_name(child) for child in pair] != ["valueName", "value"]
        ]
    for element in root.iter():
        name, text = _name(element), element.text or ""
        if name in CODES and text not in CODES[name]:
            found.append(f"{name} may not be {text}")
        if name in ("sent", "effective", "onset", "expires") and not MOMENT.match(text):
            found.append(f"{name} is no moment: {text}")
        if name in ("identifier", "sender") and not PLAIN.match(text):
            found.append(f"{name} holds a character that may not be: {text}")
        if name == "references" and not all(len(one.split(",")) == 3 for one in text.split()):
            found.append(f"references are not sender,identifier,sent: {text}")
    return found


def _children(element: ET.Element, order: list[str]) -> list[str]:
    names = [_name(child) for child in element]
    known = [rule.rstrip("!+*") for rule in order]
    found = [f"{name} does not belong in {_name(element)}" for name in names if name not in known]
    places = [known.index(name) for name in names if name in known]
    if places != sorted(places):
        found.append(f"{_name(element)} is out of order: {names}")
    for rule in order:
        name, count = rule.rstrip("!+*"), names.count(rule.rstrip("!+*"))
        if rule[-1] in "!+" and not count:
            found.append(f"{_name(element)} lacks {name}")
        if rule[-1] not in "+*" and count > 1:
            found.append(f"{_name(element)} has {name} {count} times")
    return found


def _ring(text: str) -> list[str]:
    points = text.split()
    found = [] if len(points) >= 4 and points[0] == points[-1] else [f"ring is not closed: {text[:40]}"]
    for point in points:
        lat, lon = (float(part) for part in point.split(","))
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            found.append(f"point off the earth: {point}")
    return found


def _all(element: ET.Element, name: str) -> list[ET.Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")
