"""The capture section of a plan pack: how long what phones failed to deliver may stay unsettled."""

from pydantic import Field

from firebreak.engine.plans.sections import Section, register_section
from firebreak.engine.plans.values import Cited, Minutes


class CaptureSection(Section):
    """Deadlines of what could not be counted."""

    set_aside_within_minutes: Cited[Minutes] = Field(default_factory=lambda: Cited(value=120))
    """Minutes in which an event set aside must be settled."""
    missing_numbers_within_minutes: Cited[Minutes] = Field(default_factory=lambda: Cited(value=120))
    """Minutes in which a phone's missing numbers must have come or been declared lost."""


register_section("capture", CaptureSection)
