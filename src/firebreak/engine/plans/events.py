"""What plans journal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanAdopted:
    """A plan pack may be activated from now on. `unverified` counts values nobody has seen in a published text."""

    pack: str
    edition: str
    content_hash: str
    unverified: int
