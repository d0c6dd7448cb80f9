"""Tasks and their append-only changes."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.units.models import Post


class Task(models.Model):
    """`status`: open, accepted, ended. `outcome` of an ended task: done, refused, cancelled, handed_over.

    `escalation` counts the steps climbed; `escalates_at` is when it climbs next, null when ended or at the top.
    """

    class Outcome(models.TextChoices):
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        HANDED_OVER = "handed_over"

    class Status(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        ENDED = "ended"

    ref = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=120)
    response_ref = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    owner = models.ForeignKey(Post, models.PROTECT, related_name="tasks")
    due_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    escalation = models.SmallIntegerField(default=0)
    escalates_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"]), models.Index(fields=["status", "escalates_at"])]
        constraints = [
            models.UniqueConstraint(fields=["kind", "about"], name="one_task_per_subject"),
            models.CheckConstraint(
                condition=models.Q(status="ended", ended_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(status="ended") & models.Q(ended_at=None, outcome=""),
                name="task_ended_means_moment_and_outcome",
            ),
        ]


class TaskChange(models.Model):
    """Append-only: the task as it stood from `happened_at` on, learned by `act`."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="changes")
    owner = models.ForeignKey(Post, models.PROTECT)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=8)
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
