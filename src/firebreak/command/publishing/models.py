"""What was published."""

from django.db import models

from firebreak.command.activation.models import Response
from firebreak.engine.journal.models import Act


class Publication(models.Model):
    """Append-only: `content` as the public reads it from `published_at` on, until the next one."""

    ref = models.CharField(max_length=60, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="publications")
    cutoff_at = models.DateTimeField()
    content = models.JSONField()
    document_number = models.CharField(max_length=60)
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Withdrawal(models.Model):
    """Append-only: a publication was wrong; the public reads that it was withdrawn, and why."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
