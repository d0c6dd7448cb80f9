"""The duty log and the hand-overs of the desk."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.tasks.models import Task


class LogEntry(models.Model):
    """A line of the log. Never changed: a later line corrects it. Its words go with the names of the register.

    `digest` is the SHA-256 of the words; the journal has it, so a change would show.
    """

    class Kind(models.TextChoices):
        CAME_IN = "came_in"
        TOLD = "told"
        DECIDED = "decided"
        NOTE = "note"

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, blank=True, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=1000, blank=True)
    digest = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class HandOver(models.Model):
    """The desk goes from one person to another: both sign the same sheet, frozen when the first did.

    `sheet` is what was open (`rules.Sheet` as JSON), `digest` its SHA-256. The task is what the next one owes: to sign.
    """

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    sheet = models.JSONField()
    digest = models.CharField(max_length=64)
    remark = models.CharField(max_length=1000, blank=True)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    task = models.OneToOneField(Task, models.PROTECT, related_name="hand_over")
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response_ref", "number"], name="hand_over_number_once"),
            models.CheckConstraint(
                condition=models.Q(taken_at=None, taken_by="")
                | models.Q(taken_at__isnull=False) & ~models.Q(taken_by="") & ~models.Q(taken_by=models.F("given_by")),
                name="two_people_sign_a_hand_over",
            ),
        ]
