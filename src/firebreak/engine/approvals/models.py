"""Two-person proposals."""

from django.db import models


class Proposal(models.Model):
    """Something one person proposes and another must decide. `effect` is what it will do, in figures.

    `sole_minutes` is set where the plan lets the proposer go ahead alone, with a second person within so many
    minutes; status `sole` means it was executed so and still lacks its second person, due at `second_due_at`.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        SOLE = "sole"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    ref = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    effect = models.JSONField()
    payload = models.JSONField()
    permission = models.CharField(max_length=60)
    area_path = models.CharField(max_length=200, blank=True)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    sole_minutes = models.SmallIntegerField(null=True)
    second_due_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by="")
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(status="withdrawn"),
                name="nobody_approves_their_own",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["pending", "sole"], decided_at=None)
                | (~models.Q(status__in=["pending", "sole"]) & models.Q(decided_at__isnull=False)),
                name="proposal_decided_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="sole") | models.Q(executed_at__isnull=False, second_due_at__isnull=False),
                name="sole_confirmation_names_its_second",
            ),
            models.UniqueConstraint(
                fields=["kind", "about"], condition=models.Q(status="pending"), name="one_pending_proposal"
            ),
        ]


UNDECIDED = (Proposal.Status.PENDING, Proposal.Status.SOLE)
"""Still lacks its second person."""
