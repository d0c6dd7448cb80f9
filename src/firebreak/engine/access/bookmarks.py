"""How far somebody has read what changed. Moves forward only, so a page left open for long loses nothing."""

from datetime import datetime

from firebreak.engine.access.models import Bookmark


def bookmark_of(account: int) -> Bookmark | None:
    """Where somebody stopped reading; None before the first time."""
    return Bookmark.objects.filter(account_id=account).first()


def move_bookmark(account: int, position: int, at: datetime) -> None:
    """Everything up to a position has been read."""
    row, made = Bookmark.objects.get_or_create(account_id=account, defaults={"position": position, "at": at})
    if not made and position > row.position:
        row.position, row.at = position, at
        row.save(update_fields=["position", "at"])
