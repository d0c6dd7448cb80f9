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
    """One event as a device said it. `id` is the UUIDv7 made on the device and the partition key (time-ordered).

    `body` holds what is not personal. `unknown` names the fields no version of ours knows yet; what stands in
    them may be personal, so it is kept in the sealed part.
    """

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
    """An event that could not be counted, kept whole (sealed under a key of its own) with the reason.

    `sequence` is the device's number that it used up; null when the number cannot be read or belongs to another
    event. `waits_for` names what would make it countable (`tube:HT-0001`): when that arrives it is counted.
    Its task gives it an owner. Ends counted, or set aside by a named person with a reason.
    """

    ref = models.CharField(max_length=60, unique=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="quarantined")
    event_id = models.CharField(max_length=60, blank=True, db_index=True)
    sequence = models.IntegerField(null=True)
    type = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    waits_for = models.CharField(max_length=120, blank=True)
    mac = models.BinaryField()
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)
    resolved_by = models.CharField(max_length=60, blank=True)
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["waits_for"], name="quarantined_waiting",
                condition=models.Q(resolved_at=None) & ~models.Q(waits_for=""),
            ),
            models.Index(fields=["device", "sequence"], name="quarantined_number"),
        ]
        constraints = [models.UniqueConstraint(fields=["device", "event_id", "mac"], name="quarantined_once")]


class Gap(models.Model):
    """Numbers a device has used and not delivered. Ends filled, or declared lost by a named person with a reason.

    A gap that is filled in part ends, and what is still missing goes on as gaps of their own. `matter` is the ref of
    all that the device misses together: what the task of whoever must get it is about.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="gaps")
    first = models.IntegerField()
    last = models.IntegerField()
    matter = models.CharField(max_length=60, db_index=True)
    noticed_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    filled_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_by = models.CharField(max_length=60, blank=True)
    lost_reason = models.CharField(max_length=200, blank=True)
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="gap_is_a_range"),
            models.CheckConstraint(
                condition=models.Q(filled_at=None) | models.Q(lost_at=None), name="gap_is_filled_or_lost"
            ),
        ]
