"""Messages waiting, sent or failed, and the append-only record of it. Addresses are sealed."""

from django.db import models

from firebreak.engine.journal.models import Act


class Message(models.Model):
    """One message to one address over one channel.

    Its ref is the token given to the provider, so that a repeat is harmless. `unknown` means it may or may not
    have arrived (the sender died, the answer was lost): it is sent again under the same token, never assumed.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNKNOWN = "unknown"
        WITHDRAWN = "withdrawn"

    ref = models.CharField(max_length=60, unique=True)
    channel = models.CharField(max_length=10)
    to_ref = models.CharField(max_length=60)
    address_sealed = models.BinaryField(null=True)
    template = models.CharField(max_length=40)
    text_zh = models.TextField()
    text_en = models.TextField()
    about = models.CharField(max_length=120, db_index=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["status", "next_try_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["sent", "delivered", "failed", "withdrawn"], ended_at__isnull=False)
                | (~models.Q(status__in=["sent", "delivered", "failed", "withdrawn"]) & models.Q(ended_at=None)),
                name="message_ended_has_a_moment",
            ),
        ]


class MessageChange(models.Model):
    """Append-only: the message as it stood from `happened_at` on, learned by `act`."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="changes")
    status = models.CharField(max_length=9)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
