"""The land of the drill: the sea is sea, streets meet, houses stand beside them, and each lies in one grid."""

from collections import Counter
from itertools import pairwise

import pytest
from shapely import STRtree
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.ops import unary_union

from firebreak.command.drill.district.frame import board
from firebreak.command.drill.district.nouns import Outline, Use
from firebreak.command.drill.district.nouns import Point as Place
from tests.support.inventions import ONE_PERCENT, district

pytestmark = pytest.mark.one_database
SIZES = pytest.mark.parametrize("people", [ONE_PERCENT, 71_702])


def metres(ring: tuple[Place, ...]) -> Polygon:
    return Polygon([board(*point) for point in ring])


def area(outline: Outline) -> Polygon:
    return Polygon(outline[0], outline[1:])


@SIZES
def test_polygon_is_valid_and_closed_counter_clockwise(people: int) -> None:
    place = district(people)
    rings = [
        place.coast.land, place.coast.sea, *place.coast.islets, place.port.outline,
        *(orchard.outline for orchard in place.orchards), *(compound.outline for compound in place.compounds),
        *(building.footprint for building in place.buildings), place.outline[0],
        *(community.outline[0] for community in place.communities), *(grid.outline[0] for grid in place.grids),
    ]
    broken = [ring[0] for ring in rings if ring[0] != ring[-1] or not Polygon(ring).is_valid]
    turned = [ring[0] for ring in rings if not Polygon(ring).exterior.is_ccw]
    assert (broken, turned) == ([], [])


@SIZES
def test_building_stands_on_land(people: int) -> None:
    place = district(people)
    land = metres(place.coast.land).buffer(-3)
    assert [house.code for house in place.buildings if not land.contains(metres(house.footprint))] == []


@SIZES
def test_building_overlaps_no_other(people: int) -> None:
    place = district(people)
    prints = [metres(house.footprint) for house in place.buildings]
    near = STRtree(prints).query(prints, predicate="intersects").T
    assert [(int(one), int(other)) for one, other in near if one < other] == []


@SIZES
def test_building_lies_whole_in_its_own_grid_and_no_other(people: int) -> None:
    place = district(people)
    grids = [area(grid.outline) for grid in place.grids]
    prints = [Polygon(house.footprint) for house in place.buildings]
    touching = STRtree(grids).query(prints, predicate="intersects").T
    found: dict[str, list[str]] = {house.code: [] for house in place.buildings}
    for house, grid in touching:
        assert grids[grid].contains(prints[house])
        found[place.buildings[house].code].append(place.grids[grid].code)
    assert found == {house.code: [house.grid] for house in place.buildings}


@SIZES
def test_district_has_no_holes(people: int) -> None:
    place = district(people)
    assert len(place.outline) == 1
    assert all(area(grid.outline).area > 0 for grid in place.grids)


@SIZES
def test_every_building_is_listed_by_exactly_one_grid_and_one_compound(people: int) -> None:
    place = district(people)
    codes = Counter(house.code for house in place.buildings)
    assert Counter(code for grid in place.grids for code in grid.buildings) == codes
    assert Counter(code for compound in place.compounds for code in compound.buildings) == codes
    assert set(codes.values()) == {1}


@SIZES
def test_grids_share_no_ground_and_make_up_their_community(people: int) -> None:
    place = district(people)
    for community in place.communities:
        grids = [area(grid.outline) for grid in place.grids if grid.code in community.grids]
        whole = area(community.outline)
        assert sum(grid.area for grid in grids) == pytest.approx(whole.area, rel=1e-6)
        assert unary_union(grids).symmetric_difference(whole).area == pytest.approx(0, abs=1e-9)


@SIZES
def test_communities_make_up_one_connected_district(people: int) -> None:
    place = district(people)
    joined = unary_union([area(community.outline).buffer(1e-7) for community in place.communities])
    assert joined.geom_type == "Polygon"
    assert sum(area(community.outline).area for community in place.communities) == pytest.approx(
        area(place.outline).area, rel=1e-6
    )


@SIZES
def test_sea_and_land_share_only_the_shore(people: int) -> None:
    coast = district(people).coast
    land, sea = Polygon(coast.land), Polygon(coast.sea)
    assert land.intersection(sea).area == pytest.approx(0, abs=1e-10)
    assert all(sea.contains(Polygon(islet)) for islet in coast.islets)


def test_street_ends_on_another_street_or_at_the_edge_of_the_map() -> None:
    place = district()
    lines = [LineString([board(*point) for point in road.line]) for road in place.roads]
    tree = STRtree(lines)
    frame = metres(place.coast.land).exterior
    loose = []
    for number, line in enumerate(lines):
        for end in (line.coords[0], line.coords[-1]):
            touching = [other for other in tree.query(Point(end).buffer(3), predicate="intersects") if other != number]
            if not touching and not line.is_ring and Point(end).distance(frame) > 3:
                loose.append((place.roads[number].name.zh, end))
    assert loose == []


def test_roads_are_one_network() -> None:
    lines = [LineString([board(*point) for point in road.line]) for road in district().roads]
    tree = STRtree(lines)
    reached, ahead = {0}, [0]
    while ahead:
        for other in tree.query(lines[ahead.pop()].buffer(1.5), predicate="intersects"):
            if int(other) not in reached:
                reached.add(int(other))
                ahead.append(int(other))
    assert len(reached) == len(lines)


def test_houses_stand_beside_roads_and_not_on_them() -> None:
    place = district()
    roads = [(LineString([board(*point) for point in road.line]), road) for road in place.roads]
    tree = STRtree([line for line, _ in roads])
    for house in place.buildings:
        shape = metres(house.footprint)
        number = int(tree.nearest(shape.centroid))
        nearest = shape.distance(roads[number][0])
        assert roads[number][1].width_m / 2 <= nearest <= 130, house.code


def test_berths_stand_at_the_quays() -> None:
    place = district()
    quays = [LineString([board(*point) for point in quay]) for quay in place.port.quays]
    houses = [house for house in place.buildings if house.use is Use.BERTH]
    assert len(houses) == len(place.port.berths) >= 6
    assert all(min(Point(board(h.lon, h.lat)).distance(quay) for quay in quays) < 100 for h in houses)


def test_orchards_lie_on_hills_without_houses() -> None:
    place = district()
    houses = MultiPoint([(house.lon, house.lat) for house in place.buildings])
    assert [orchard.name.zh for orchard in place.orchards if Polygon(orchard.outline).intersects(houses)] == []
    assert sum(orchard.mu for orchard in place.orchards) > 5_000


def test_full_district_has_the_size_it_was_made_for() -> None:
    place = district()
    assert 12 <= len(place.communities) <= 14
    assert 90 <= len(place.grids) <= 110
    assert 1_600 <= len(place.buildings) <= 2_000
    assert min(len(grid.buildings) for grid in place.grids) > 0


def test_one_percent_is_a_lively_small_district() -> None:
    place = district(ONE_PERCENT)
    assert len(place.communities) >= 2
    assert len(place.grids) >= 4
    assert len(place.buildings) >= 30
    assert len({house.use for house in place.buildings}) >= 6


def test_code_is_readable_and_used_once() -> None:
    place = district()
    codes = [community.code for community in place.communities] + [grid.code for grid in place.grids]
    codes += [compound.code for compound in place.compounds] + [house.code for house in place.buildings]
    codes += [site.code for site in place.sites] + [workplace.code for workplace in place.workplaces]
    assert len(set(codes)) == len(codes)
    grid = place.grids[0]
    assert grid.code == f"{grid.community}-01"
    assert grid.buildings[:2] == (f"{grid.code}-B001", f"{grid.code}-B002")


def test_name_of_a_place_is_used_once_and_in_both_languages() -> None:
    place = district()
    for parts in (place.communities, place.grids, place.compounds, place.buildings, place.sites, place.ships):
        names = [part.name for part in parts]
        assert len({name.zh for name in names}) == len(names)
        assert len({name.en for name in names}) == len(names)
    assert all(road.name.zh and road.name.en for road in place.roads)


def test_line_has_no_repeated_points() -> None:
    assert [road.name.zh for road in district().roads if any(a == b for a, b in pairwise(road.line))] == []
