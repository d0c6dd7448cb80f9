"""What other lines of work show on a person's page: each registers its panel, the page knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.registry.persons import PersonView

Ask = Callable[[PersonView, AccountActor], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A part of the page: `ask` gives the context of `template`, or None when it has nothing to say.

    `permission` is asked for the person's places before `ask` is called.
    """

    key: str
    permission: str
    template: str
    ask: Ask
    order: int = 100


_panels: dict[str, PersonPanel] = {}


def register_person_panel(panel: PersonPanel) -> None:
    """Put a panel on every person's page."""
    _panels[panel.key] = panel


def panels_for(view: PersonView, who: AccountActor) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of the panels this reader gets for this person, in their order."""
    drawn = []
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)):
        if any(who.may(panel.permission, area=stay.path) for stay in view.stays):
            context = panel.ask(view, who)
            if context is not None:
                drawn.append((panel.template, context))
    return drawn
