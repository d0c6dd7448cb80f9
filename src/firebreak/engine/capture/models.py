"""Captured events (append-only), their sealed personal parts, devices, gaps and quarantine."""

from django.db import models

from firebreak.engine.journal.models import Act


class Device(models.Model):
    """A phone or scanner that may report. Only the hash of its token is kept."""

    ref = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=60)
    account_ref = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_sequence = models.IntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True)


class CapturedEvent(models.Model):
    """One event as a device said it. `id` is the UUIDv7 made on the device and the partition key (it is time-ordered)."""

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.PROTECT)
    sequence = models.IntegerField()
    previous = models.CharField(max_length=64, blank=True)
    type = models.CharField(max_length=40)
    account_ref = models.CharField(max_length=60)
    body = models.JSONField()
    unknown = models.JSONField(null=True)
    happened_at = models.DateTimeField()
    device_at = models.DateTimeField()
    skewed = models.BooleanField(default=False)
    boot = models.CharField(max_length=40, blank=True)
    monotonic_ms = models.BigIntegerField(default=0)
    mac = models.BinaryField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "sequence"], name="one_event_per_device_number")]


class SubjectKey(models.Model):
    """The key of one person in one response. Destroying the row makes the sealed parts unreadable for ever."""

    subject = models.CharField(max_length=60)
    response_ref = models.CharField(max_length=60)
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "response_ref"], name="one_key_per_subject_and_response")]


class SealedPart(models.Model):
    """The personal part of a captured event, sealed under its subject's key."""

    event_id = models.UUIDField(primary_key=True)
    key = models.ForeignKey(SubjectKey, models.CASCADE)
    sealed = models.BinaryField()


class Quarantined(models.Model):
    """An event that could not be counted, kept whole (sealed) with the reason and, through a task, an owner."""

    ref = models.CharField(max_length=60, unique=True)
    event_id = models.CharField(max_length=60, blank=True, db_index=True)
    device_label = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    mac = models.BinaryField()
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)
    resolved_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "mac", "code"], name="quarantined_once")]


class Gap(models.Model):
    """Numbers a device has used and not delivered. Ends filled, or declared lost by a named person with a reason."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="gaps")
    first = models.IntegerField()
    last = models.IntegerField()
    noticed_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_by = models.CharField(max_length=60, blank=True)
    lost_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="gap_is_a_range")]
