"""Zones, the pure part: what a polygon encloses and which polygons are refused with the point that is wrong."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.kernel.refusals import Refusal
from firebreak.operations.zones.rules import Spot, check_authority, check_review, enclosed, read_polygon, strictest

CORNERS = [[118.0, 24.3], [118.1, 24.3], [118.1, 24.4], [118.0, 24.4], [118.0, 24.3]]
SQUARE = {"type": "Polygon", "coordinates": [CORNERS]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}


def refusal_of(call: object, *arguments: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*arguments)  # type: ignore[operator]
    return refused.value


def test_polygon_encloses_points_inside_and_on_its_border() -> None:
    spots = [Spot(1, 118.05, 24.35), Spot(2, 118.2, 24.35), Spot(3, 118.0, 24.35)]
    assert enclosed(read_polygon(SQUARE), spots) == [1, 3]


def test_polygon_may_come_as_a_feature_or_a_collection_of_one() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}
    collection = {"type": "FeatureCollection", "features": [feature]}
    assert read_polygon(feature) == read_polygon(collection) == read_polygon(SQUARE)


def test_polygon_that_crosses_itself_is_refused_with_the_point() -> None:
    refused = refusal_of(read_polygon, BOW_TIE)
    assert (refused.code, refused.facts) == ("polygon-crosses-itself", {"where": "1 1"})


@pytest.mark.parametrize(
    "drawn",
    [
        {},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[500, 24], [501, 24], [501, 25], [500, 24]]]},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]},
    ],
)
def test_polygon_that_is_none_is_refused(drawn: dict[str, object]) -> None:
    assert refusal_of(read_polygon, drawn).code == "not-a-polygon"


@given(st.permutations(["watch", "control", "lockdown"]), st.booleans())
def test_strictest_tier_does_not_depend_on_order(tiers: list[str], with_empty: bool) -> None:
    rank = {"watch": 1, "control": 2, "lockdown": 3}
    assert strictest([*tiers, ""] if with_empty else tiers, rank) == "lockdown"


def test_strictest_of_no_tiers_is_none() -> None:
    assert strictest([], {}) == ""


def test_zone_without_law_or_paper_is_refused() -> None:
    assert refusal_of(check_authority, "传染病防治法", " ").code == "no-legal-basis"
    assert refusal_of(check_authority, "", "第 1 号").code == "no-legal-basis"


@pytest.mark.parametrize(
    ("review", "refused"),
    [(date(2022, 6, 5), False), (date(2022, 6, 19), False), (date(2022, 6, 20), True), (date(2022, 6, 4), True)],
)
def test_review_day_lies_within_the_days_of_the_plan(review: date, refused: bool) -> None:
    effective = datetime(2022, 6, 5, 12, tzinfo=UTC)
    if refused:
        assert refusal_of(check_review, effective, review, 14).code == "review-too-late"
    else:
        check_review(effective, review, 14)
