"""Messages waiting, sent or failed. Addresses are sealed."""

from django.db import models


class Message(models.Model):
    """One message to one address over one channel. `token` is given to the provider so a repeat is harmless."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNKNOWN = "unknown"

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

    class Meta:
        indexes = [models.Index(fields=["status", "next_try_at"])]
