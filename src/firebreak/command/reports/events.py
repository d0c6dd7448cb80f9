"""What reports journal."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ReportPublished:
    """A daily report was rendered and kept; the hashes are of its bytes."""

    day: date
    edition: int
    cutoff_at: datetime
    head: str
    html_sha256: str
    json_sha256: str
