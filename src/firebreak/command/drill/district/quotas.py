"""The one table of how many: who is on the register and how each line of it ends in the first round.

These figures only decide which events the drill plays. No screen and no report ever reads them: what is shown is
counted from what was recorded.
"""

from firebreak.command.drill.district.streams import lively_shares, shares

SAMPLED = 71_368
"""Distinct persons sampled in the first round of 6 June 2022, as published."""

REGISTER = {"home": 58_240, "dormitory": 9_160, "works": 3_480, "passing": 822}
"""The register of the full district by reason of being there: 71,702 lines."""
REGISTER_SIZE = sum(REGISTER.values())

FOUND = {"sampled": 208, "excused": 4, "refused": 2}
"""People found who were on no list, by how they end."""
LIST_MISSES = sum(FOUND.values())

NOT_SAMPLED = {"excused": 203, "moved": 131, "away": 113, "unreachable": 44, "refused": 29, "died": 22}
"""Lines of the register that end otherwise than by a swab."""

EXCUSED = {
    "vaccinated_48h": 64, "homebound_old": 41, "isolation": 38, "infant": 18, "medical": 16, "in_hospital": 14,
    "tested_elsewhere": 12,
}
"""The excused of the register by reason of the plan."""

SWABBED_TWICE = 152
"""Of the sampled of the register: people who came to a second tube."""
ON_VISIT = 643
"""Of the sampled of the register: people first missed, then found by a call or at their door."""

LATER = {"away": 62, "unreachable": 21, "refused": 7, "moved": 19, "on_visit": 410, "twice": 96}
"""A later round: lines of its list that do not simply come, beside those whose end follows from the round before."""
FOUND_LATER = 36
"""People on no list who are met in a later round."""

FEWEST_PEOPLE, MOST_PEOPLE = 200, 200_000

assert sum(EXCUSED.values()) == NOT_SAMPLED["excused"]
assert REGISTER_SIZE - sum(NOT_SAMPLED.values()) + FOUND["sampled"] == SAMPLED


def scale_of(people: int) -> float:
    """What part of the full district a register of this size is."""
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise ValueError(
            f"演练的人数应在 {FEWEST_PEOPLE} 到 {MOST_PEOPLE} 之间。"
            f" The drill takes a register of {FEWEST_PEOPLE} to {MOST_PEOPLE} people."
        )
    return people / REGISTER_SIZE


def sampled_goal(people: int) -> int:
    """Distinct persons sampled in the first round of a district with a register of this size."""
    return round(SAMPLED * people / REGISTER_SIZE)


def part_of(figure: int, people: int) -> int:
    """A figure of the full district for a register of this size; never nothing."""
    return max(1, round(figure * people / REGISTER_SIZE))


def register_parts(people: int) -> dict[str, int]:
    """Lines of the register by reason of being there."""
    return lively_shares(people, REGISTER)


def found_parts(people: int) -> dict[str, int]:
    """People on no list, by how they end; the sampled come first."""
    names = list(FOUND)
    parts = shares(part_of(LIST_MISSES, people), [FOUND[name] for name in names])
    return dict(zip(names, parts, strict=True))


def register_sampled(people: int) -> int:
    """How many lines of the register must be sampled so that the sampled add up to the goal."""
    return sampled_goal(people) - found_parts(people)["sampled"]
