"""Areas as people draw them: blocks between roads, circles, and borders from maps that are moved by law."""

import math

from hypothesis import given
from hypothesis import strategies as st

from firebreak.operations.zones import shapes
from firebreak.operations.zones.rules import read_polygon

ACROSS = [[(118.0, 24.0), (118.04, 24.0)], [(118.0, 24.02), (118.04, 24.02)]]
DOWN = [[(lon, 23.99), (lon, 24.03)] for lon in (118.01, 118.02, 118.03)]


def metres(one: shapes.Point, other: shapes.Point) -> float:
    east = (one[0] - other[0]) * shapes.METRES_PER_DEGREE * math.cos(math.radians(one[1]))
    return math.hypot(east, (one[1] - other[1]) * shapes.METRES_PER_DEGREE)


def test_gcj02_moves_a_known_place_to_where_published_converters_put_it() -> None:
    lon, lat = shapes.to_gcj02(116.404, 39.915)
    assert (round(lon, 9), round(lat, 9)) == (116.410244499, 39.916404282)


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_coming_back_from_gcj02_misses_by_less_than_a_metre(lon: float, lat: float) -> None:
    assert metres((lon, lat), shapes.from_gcj02(*shapes.to_gcj02(lon, lat))) < 1


def test_a_border_in_gcj02_is_converted_point_by_point_and_nothing_else_is_touched() -> None:
    corners = [[118.0, 24.0], [118.1, 24.0], [118.1, 24.1], [118.0, 24.0]]
    moved = [[list(shapes.to_gcj02(*corner)) for corner in corners]]
    given_ = {
        "type": "FeatureCollection", "bbox": [1, 2, 3, 4],
        "features": [{"type": "Feature", "properties": {"n": [1.0, 2.0]}, "geometry": {"type": "Polygon", "coordinates": moved}}],
    }

    back = shapes.converted(given_)

    ring = back["features"][0]["geometry"]["coordinates"][0]
    assert max(metres((a[0], a[1]), (b[0], b[1])) for a, b in zip(ring, corners, strict=True)) < 1
    assert (back["bbox"], back["features"][0]["properties"]) == ([1, 2, 3, 4], {"n": [1.0, 2.0]})


def test_a_block_is_what_lies_between_roads_and_holds_a_building() -> None:
    spots = [(118.015, 24.01), (118.025, 24.01), (118.025, 24.011)]
    found = shapes.blocks([*ACROSS, *DOWN], [], spots)
    assert [tuple(round(side, 4) for side in block.bounds) for block in found] == [
        (118.01, 24.0, 118.02, 24.02), (118.02, 24.0, 118.03, 24.02),
    ]


def test_two_neighbouring_blocks_join_into_one_border() -> None:
    found = shapes.blocks([*ACROSS, *DOWN], [], [(118.015, 24.01), (118.025, 24.01)])
    border = shapes.joined(found)
    assert (border["type"], round(read_polygon(border).area, 6)) == ("Polygon", 0.0004)


def test_a_district_without_roads_or_buildings_has_no_blocks() -> None:
    assert (shapes.blocks([], [], [(1.0, 1.0)]), shapes.blocks([*ACROSS], [], [])) == ([], [])


@given(st.floats(100, 125), st.floats(20, 50), st.floats(10, 5000))
def test_every_corner_of_a_circle_is_as_far_as_asked(lon: float, lat: float, radius: float) -> None:
    ring = shapes.circle(lon, lat, radius)["coordinates"][0]
    assert ring[0] == ring[-1]
    assert all(abs(metres((lon, lat), (x, y)) - radius) / radius < 0.01 for x, y in ring)
