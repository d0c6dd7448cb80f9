"""What publishing journals."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The public reads these counts from now on. `hidden` counts were too small to be shown."""

    cutoff_at: datetime
    document_number: str
    hidden: int


@dataclass(frozen=True, slots=True)
class PublicationWithdrawn:
    """The public no longer reads them."""

    reason: str
