"""What people stated about the end of a zone or a response."""

from django.db import models

from firebreak.engine.journal.models import Act


class Attestation(models.Model):
    """Append-only: a named person states a fact about a zone or a response; the latest of its kind holds.

    `primitive` is the primitive of the plan it speaks to, `since` the moment the fact dates from, `people` how many
    signed (an expert panel), `source` the document that says so. `holds` false takes an earlier statement back.
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60)
    about = models.CharField(max_length=60, db_index=True)
    primitive = models.CharField(max_length=30)
    holds = models.BooleanField()
    since = models.DateTimeField()
    people = models.SmallIntegerField(default=1)
    statement = models.CharField(max_length=400)
    source = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class LastLook(models.Model):
    """When each part of the watch last asked every condition, a row for each. A bookmark, not a fact."""

    id = models.SmallIntegerField(primary_key=True)
    at = models.DateTimeField()
