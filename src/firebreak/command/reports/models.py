"""Published reports: their cut-off, the seal they stand on, and the hash of their bytes."""

from django.db import models


class Report(models.Model):
    """A rendered report. `position` and `head` come from the seal made for it."""

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60)
    day = models.DateField()
    edition = models.SmallIntegerField(default=1)
    cutoff_at = models.DateTimeField()
    position = models.BigIntegerField()
    seal = models.IntegerField()
    head = models.CharField(max_length=64)
    html_sha256 = models.CharField(max_length=64)
    json_sha256 = models.CharField(max_length=64)
    rendered_by = models.CharField(max_length=60)
    rendered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response_ref", "day", "edition"], name="report_edition_once")]
