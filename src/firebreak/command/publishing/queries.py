"""Reads of publishing."""

from firebreak.command.publishing.models import Publication


def current() -> Publication | None:
    """What the public reads: the latest publication, also when it was withdrawn. One query."""
    return Publication.objects.select_related("withdrawal", "response").order_by("-id").first()
