"""What amending journals."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanAmended:
    """A response follows another plan from now on. `values` differ; `entries` open things are judged anew."""

    before: str
    after: str
    edition: str
    document_number: str
    values: int
    entries: int
