"""The named primitives from which a plan builds the condition that ends a measure.

A plan never holds a condition of its own: it lists primitives with their figures. A new kind of condition is a
new primitive here, with its name. What a primitive finds is computed by the domain that owns the facts.
"""

from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.values import Citation, Cited, Days, PlanModel


class NoNewCases(Citation):
    """No new infection in the area for a number of days in a row; a new one starts the count again."""

    primitive: Literal["no_new_cases"]
    """Name of the primitive."""
    clean_days: Cited[Days]
    """Days without a new infection."""


class ContactsClosed(Citation):
    """The last close contact from the area is far enough from the last exposure, and tested negative."""

    primitive: Literal["contacts_closed"]
    """Name of the primitive."""
    days_since_last_exposure: Cited[Days]
    """Days between the last exposure of the last contact and the release."""


class RoundAllNegative(Citation):
    """One whole round of the area lies within the last days, and every result of it is negative."""

    primitive: Literal["round_all_negative"]
    """Name of the primitive."""
    within_days: Cited[Days]
    """How old the round may be."""


class OtherTiersEnded(Citation):
    """At least one area of a stricter tier stood, and every one has ended."""

    primitive: Literal["other_tiers_ended"]
    """Name of the primitive."""


class SuspectsCleared(Citation):
    """No suspicion in the area is open: each was confirmed or overturned."""

    primitive: Literal["suspects_cleared"]
    """Name of the primitive."""


class RoundComplete(Citation):
    """One whole round over the area has closed within the last days, and enough of those owed are done."""

    primitive: Literal["round_complete"]
    """Name of the primitive."""
    within_days: Cited[Days]
    """How old the round may be."""
    done_percent: Cited[Annotated[int, Field(ge=1, le=100)]]
    """Share of the people owed who must be done, in per cent."""


class ExpertOverride(Citation):
    """A documented decision of an expert panel, with its reason, stands in for the other primitives."""

    primitive: Literal["expert_override"]
    """Name of the primitive."""
    panel_at_least_people: Cited[Annotated[int, Field(ge=1)]]
    """How many experts must sign."""


Primitive = Annotated[
    NoNewCases | ContactsClosed | RoundAllNegative | OtherTiersEnded | SuspectsCleared | RoundComplete | ExpertOverride,
    Field(discriminator="primitive"),
]


class Release(PlanModel):
    """When a measure may be proposed to end. A person always decides."""

    all_of: tuple[Primitive, ...] = Field(min_length=1)
    """Every one of these must hold."""
    or_any_of: tuple[Primitive, ...] = ()
    """Or one of these alone."""
