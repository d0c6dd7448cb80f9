"""Steps between levels, erasures with their owners, and certificates."""

from django.db import models

from firebreak.command.activation.models import Response
from firebreak.engine.journal.models import Act


class LevelStep(models.Model):
    """Append-only: the level of a response from `happened_at` on."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="level_steps")
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    reason = models.CharField(max_length=400)
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Erasure(models.Model):
    """One class of personal data of a closed response, to be erased by `due_at`. `owner_ref` is an account."""

    ref = models.CharField(max_length=60, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="erasures")
    key = models.CharField(max_length=30)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    fields = models.JSONField()
    owner_ref = models.CharField(max_length=60)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "key"], name="one_erasure_per_class")]


class Certificate(models.Model):
    """Append-only: what an erasure did. `document` is canonical JSON and `digest` its SHA-256.

    `erased`: nothing of the class is left. `in_use`: another response still needs the register, whose own closing
    erases it; what belonged to this response alone is gone.
    """

    class Outcome(models.TextChoices):
        ERASED = "erased"
        IN_USE = "in_use"

    ref = models.CharField(max_length=60, unique=True)
    erasure = models.OneToOneField(Erasure, models.PROTECT, related_name="certificate")
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
