"""Where the words of a map stand: inside the map, never on top of each other, zones before places.

Widths are estimated (a Chinese character is as wide as it is high, a Latin letter a little over half), which is
near enough for words with a halo. A place name that finds no room is left out; a zone's word never is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firebreak.surfaces.common.marks import mark_words
from firebreak.surfaces.common.shapes import MapFrame
from firebreak.surfaces.common.words import said

WEIGHT = {"lockdown": 0, "control": 1, "precaution": 2}
LATIN = 0.6
LEADING = 1.25
MANY = 3
STEPS = (0, -1, 1, -2, 2, 3)
SHIFTS = (0, 0.5, 1)  # beginning, middle or end of the word above its spot
KEY_CORNER = (0.62, 0.9)  # the key of the map covers the lower left
LINK_CORNER = (0.7, 0.12)  # the link to the large map covers the upper right


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the left end of their base line, in map units."""

    text: str
    css: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """The room a label takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether both would be drawn over each other."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def place_labels(frame: MapFrame, size: float) -> list[Label]:
    """Every word of the map that has room at this size, the weightiest first."""
    placed: list[tuple[Label, Box]] = []
    for wanted, css, x, y in _wanted(frame):
        text = _fitting(wanted, size, frame.width)
        width = _width(text, size)
        tries = [
            _inside(frame, size, x - width * shift, y + step * size * LEADING, width)
            for step in STEPS
            for shift in SHIFTS
        ]
        free = next((spot for spot in tries if not _taken(spot, width, size, frame, placed)), None)
        if free is None and css == "place":
            continue
        left, base = free or tries[0]
        placed.append((Label(text, css, round(left, 1), round(base, 1)), _box(left, base, width, size)))
    return [label for label, _ in placed]


def _wanted(frame: MapFrame) -> Iterator[tuple[str, str, float, float]]:
    for zone in sorted(frame.zones, key=lambda zone: WEIGHT.get(zone.tier, 3)):
        words = mark_words(zone.tier)
        yield f"{words.letter} {said(zone.label)}", f"zone-word {words.css}", zone.x, zone.y
    shared = _shared_word([name for _, _, name in frame.places])
    for x, y, name in frame.places:
        yield name.removesuffix(shared), "place", x, y


def _shared_word(names: Sequence[str]) -> str:
    """The last word of most names ("… Community"): nine times on one map it says nothing and costs the room."""
    counts = Counter(name.rpartition(" ")[2] for name in names if " " in name)
    return next((f" {word}" for word, count in counts.items() if count * 2 > len(names) > MANY), "")


def _width(text: str, size: float) -> float:
    return size * sum(1.0 if ord(letter) > 0x2E7F else LATIN for letter in text)


def _fitting(text: str, size: float, room: float) -> str:
    """A name wider than the whole map ends in an ellipsis, never at the edge."""
    if _width(text, size) <= room - 2 * size:
        return text
    while len(text) > 1 and _width(f"{text}…", size) > room - 2 * size:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _inside(frame: MapFrame, size: float, x: float, y: float, width: float) -> tuple[float, float]:
    """The nearest spot at which the whole word is on the map."""
    edge = size * 0.5
    return max(edge, min(x, frame.width - width - edge)), max(size + edge, min(y, frame.height - edge))


def _box(left: float, base: float, width: float, size: float) -> Box:
    return Box(left, base - size, left + width, base + size * 0.25)


def _taken(
    spot: tuple[float, float], width: float, size: float, frame: MapFrame, placed: list[tuple[Label, Box]]
) -> bool:
    box = _box(*spot, width, size)
    covered = [Box(0, frame.height * KEY_CORNER[1], frame.width * KEY_CORNER[0], frame.height)]
    if frame.href:
        covered.append(Box(frame.width * LINK_CORNER[0], 0, frame.width, frame.height * LINK_CORNER[1]))
    return any(box.meets(other) for other in [*covered, *(found for _, found in placed)])
