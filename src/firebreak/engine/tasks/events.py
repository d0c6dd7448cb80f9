"""What tasks journal: kinds, refs and counts."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TasksOpened:
    """Tasks exist, each with an owner and a deadline; `kinds` counts them."""

    kinds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskAccepted:
    """Its owner has taken it on."""

    post: str


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """Another post owns it."""

    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class TasksEnded:
    """Tasks ended, all with the same outcome."""

    tasks: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class TasksReopened:
    """Ended tasks are open again."""

    tasks: int
    reason: str


@dataclass(frozen=True, slots=True)
class TaskDueChanged:
    """The deadline moved."""

    before: datetime
    after: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TasksEscalated:
    """Overdue tasks climbed one step; `at_top` of them have nowhere further to go."""

    climbed: int
    at_top: int
