"""Words on the map: inside it, apart from each other, zones before places."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firebreak.surfaces.common.labels import Label, place_labels
from firebreak.surfaces.common.shapes import MapFrame, MapZone

SIZE = 10.0
spots = st.tuples(st.floats(-200, 1200), st.floats(-200, 1200))


def frame(zones: list[tuple[str, float, float]], places: list[tuple[float, float, str]]) -> MapFrame:
    return MapFrame(
        "?",
        1000,
        1000,
        zones=tuple(MapZone(tier, "M0 0Z", "一二三", x, y) for tier, x, y in zones),
        places=tuple(places),
    )


def apart(one: Label, other: Label) -> bool:
    """Five characters wide (letter, blank, three), one high."""
    return abs(one.y - other.y) >= SIZE or abs(one.x - other.x) >= 4.6 * SIZE


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.lists(spots, max_size=12))
def test_places_are_inside_and_never_overlap(found: list[tuple[float, float]]) -> None:
    labels = place_labels(frame([], [(x, y, "甲乙丙丁戊") for x, y in found]), SIZE)
    assert [label for label in labels if not (0 <= label.x <= 950 and SIZE <= label.y <= 1000)] == []
    assert [(a, b) for n, a in enumerate(labels) for b in labels[:n] if not apart(a, b)] == []


def test_zone_word_is_drawn_even_where_there_is_no_room_and_a_place_gives_way() -> None:
    crowd = [("precaution", 500.0, 500.0)] * 40
    labels = place_labels(frame([*crowd, ("lockdown", 500.0, 500.0)], [(500, 500, "甲乙丙")]), SIZE)
    assert [label.css for label in labels] == ["zone-word lockdown", *["zone-word precaution"] * 40]
    assert labels[0].text == "封 一二三"


@pytest.mark.parametrize(("x", "y"), [(995.0, 500.0), (500.0, 0.0), (-50.0, 1100.0)])
def test_word_at_the_edge_is_moved_inside(x: float, y: float) -> None:
    (label,) = place_labels(frame([("control", x, y)], []), SIZE)
    assert 5 <= label.x <= 1000 - 46
    assert 15 <= label.y <= 995


def test_word_wider_than_the_map_ends_in_an_ellipsis_inside_it() -> None:
    wide = MapFrame("?", 100, 100, zones=(MapZone("control", "M0 0Z", "甲" * 30, 50, 50),))
    (label,) = place_labels(wide, SIZE)
    assert label.text == "管 甲甲甲甲甲…"
    assert 5 <= label.x <= 100 - 76


def test_a_word_that_most_places_share_is_left_out() -> None:
    names = ["Xitang Community", "Lucheng Community", "Hezhu Community", "Lushe Village"]
    spots = [(100.0, 100.0 * row, name) for row, name in enumerate(names, start=1)]
    assert [label.text for label in place_labels(frame([], spots), SIZE)] == ["Xitang", "Lucheng", "Hezhu", "Lushe Village"]
    assert [label.text for label in place_labels(frame([], spots[2:]), SIZE)] == ["Hezhu Community", "Lushe Village"]
