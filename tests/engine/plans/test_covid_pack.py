"""The shipped pack: sound, honest about its sources, and the one the published figures come from."""

import re
import types
from collections.abc import Iterator
from datetime import time
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from firebreak.command.activation.plan import ActivationSection
from firebreak.command.reports.plan import ReportsSection
from firebreak.engine.ledgers.registry import figures
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.plans.packs import Meta, Pack
from firebreak.engine.plans.sections import registered_sections
from firebreak.engine.registry.plan import RegistrySection
from firebreak.engine.units.plan import UnitsSection
from firebreak.operations.rounds.plan import RoundsSection, StaffNeed
from firebreak.operations.zones.plan import ZonesSection
from tests.engine.plans.conftest import SHIPPED


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(SHIPPED)


def test_every_verified_value_names_a_declared_source(pack: Pack) -> None:
    verified = [place for place in pack.citations() if place.cited.verified]
    assert len(verified) >= 40
    for place in verified:
        source = pack.source(place.cited)
        assert source is not None, place.path
        assert source.title.strip(), place.path


def test_every_declared_source_is_used(pack: Pack) -> None:
    used = {place.cited.source for place in pack.citations() if place.cited.source}
    assert set(pack.meta.sources) == used


def test_nothing_is_both_verified_and_unverified(pack: Pack) -> None:
    paths = [place.path for place in pack.citations()]
    assert len(paths) == len(set(paths))
    assert len(pack.unverified()) == sum(not place.cited.verified for place in pack.citations())


def test_release_of_lockdown_and_control_is_the_published_one(pack: Pack) -> None:
    zones = pack.section(ZonesSection)
    for tier in ("lockdown", "control"):
        said = [
            {name: value["value"] for name, value in part.model_dump().items() if isinstance(value, dict)}
            for part in zones.tier(tier).release.all_of
        ]
        assert said == [{"clean_days": 14}, {"days_since_last_exposure": 14}, {"within_days": 2}]
    assert [part.primitive for part in zones.tier("precaution").release.all_of] == ["other_tiers_ended"]
    assert [(tier.letter.zh, tier.rank, tier.restrictive) for tier in zones.tiers] == [
        ("封", 3, True), ("管", 2, True), ("防", 1, False),
    ]


def test_staffing_of_the_first_round_is_the_published_span(pack: Pack) -> None:
    rounds = pack.section(RoundsSection)
    assert rounds.staff_need(71_368) == StaffNeed(24, 36, 90, 119, 199)
    assert (rounds.hours_to_finish(71_368), rounds.hours_to_finish(0)) == (24, 24)


def test_pool_size_follows_group_then_tier_then_the_plain_one(pack: Pack) -> None:
    rounds, zones = pack.section(RoundsSection), pack.section(ZonesSection)
    assert rounds.pool_size(zones) == 10
    assert rounds.pool_size(zones, tier="control") == 5
    assert rounds.pool_size(zones, tier="control", group="isolation_site") == 1


def test_every_state_of_a_person_lies_on_one_side_of_the_balance(pack: Pack) -> None:
    assert dict(pack.section(RoundsSection).bucket_of) == {
        "sampled": "done", "excused": "excused", "moved": "excused", "dead": "excused", "duplicate": "excused",
        "refused": "excused", "to_do": "open", "away": "open", "unreachable": "open",
    }


def test_nobody_is_punished_by_machine(pack: Pack) -> None:
    assert pack.section(RoundsSection).automated_penalty is False


def test_activation_takes_two_and_one_at_night_for_half_an_hour(pack: Pack) -> None:
    who = pack.section(ActivationSection).who
    assert who.people_to_confirm.value == 2
    assert who.night is not None
    night = [who.night.covers(moment) for moment in (time(21, 59), time(22), time(3), time(6))]
    assert (night, who.night.second_within_minutes.value) == ([False, True, True, False], 30)


def test_every_task_force_has_an_opening_order_and_stands_on_the_first_hour_page_or_not_at_all(pack: Pack) -> None:
    activation, units = pack.section(ActivationSection), pack.section(UnitsSection)
    forces = {unit.key for unit in units.units if unit.kind == "task_force"}
    assert len(forces) == 11
    assert {order.unit for order in activation.orders} == forces
    assert {item.unit for item in activation.checklist} <= forces | {"headquarters"}
    assert [item.deadline_minutes for item in activation.checklist] == sorted(
        item.deadline_minutes for item in activation.checklist
    )


def test_a_suspicion_may_be_confirmed_or_overturned_and_an_overturned_one_stays_so(pack: Pack) -> None:
    activation = pack.section(ActivationSection)
    moves = {one.key: one.may_become for one in activation.classifications}
    assert moves["suspected"] == ("confirmed_asymptomatic", "confirmed_case", "overturned")
    assert moves["overturned"] == ()


def test_indicators_stand_in_chapters_and_kinds_of_presence_are_all_owed(pack: Pack) -> None:
    reports = pack.section(ReportsSection)
    assert {indicator.chapter for indicator in reports.indicators} <= {chapter.key for chapter in reports.chapters}
    kinds = {kind.key: kind.owed_in_rounds for kind in pack.section(RegistrySection).presence_kinds}
    assert kinds == {"lives": True, "works": True, "passing": True}


def test_every_indicator_names_a_registered_figure(pack: Pack) -> None:
    named = {indicator.figure for indicator in pack.section(ReportsSection).indicators}
    assert named - {figure.name for figure in figures()} == set()


def test_names_and_texts_are_written_in_their_own_language(pack: Pack) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [name for name, text in pack.texts["zh"].items() if not chinese.search(text)] == []
    assert [name for name, text in pack.texts["en"].items() if chinese.search(text)] == []


UNITS = {
    "months", "minutes", "hours", "days", "people", "doors", "percent", "meters", "mm", "celsius", "rank", "tubes", "controls",
}
COUNTS = {
    "attempts", "attempts_before_refusal_closes", "count", "posts_in_all", "target_at_least", "target_at_most",
    "tries_at_most", "value",
}  # fmt: skip


def numbers_in(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        types_in = set(flat(field.annotation))
        if types_in & {int, float}:
            yield name
        for inner in types_in:
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                if "value" in inner.model_fields and set(flat(inner.model_fields["value"].annotation)) & {int, float}:
                    yield name
                yield from numbers_in(inner, seen)


def flat(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, types.UnionType) or get_args(annotation):
        for part in get_args(annotation):
            yield from flat(part)
    else:
        yield annotation


def test_every_number_of_a_plan_names_its_unit() -> None:
    models: list[type[BaseModel]] = [Meta, *registered_sections().values()]
    named = {name for model in models for name in numbers_in(model, set())}
    assert {name for name in named if not UNITS & set(name.split("_"))} == COUNTS
