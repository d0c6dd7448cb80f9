"""Tables of the journal. All are append-only: triggers refuse UPDATE and DELETE on both databases."""

from django.db import models


class Installation(models.Model):
    """The one row that ties a database to its data folder, so a drill never opens real data or the reverse."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    folder = models.CharField(max_length=36)
    kind = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one"),
            models.CheckConstraint(condition=models.Q(kind__in=["drill", "real"]), name="installation_kind"),
        ]


class Act(models.Model):
    """One entrance into the program: who did what, when it happened, when the ledger learned it."""

    key = models.CharField(max_length=100, null=True, unique=True)
    name = models.CharField(max_length=100)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    refusal = models.CharField(max_length=60, blank=True)

    spoken = False
    """Whether the running act has journaled anything yet; not a column."""

    class Meta:
        indexes = [models.Index(fields=["by", "id"]), models.Index(fields=["name", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="done", refusal="") | (models.Q(outcome="refused") & ~models.Q(refusal="")),
                name="act_is_done_or_refused",
            ),
        ]


class Answer(models.Model):
    """What a keyed act answered, so that a repeat with the same client key gets the same answer."""

    act = models.OneToOneField(Act, models.PROTECT, primary_key=True)
    result = models.JSONField(null=True)


class Event(models.Model):
    """What an act made true. `about` and everything in `payload` are references, codes and counts."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="events")
    type = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    payload = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["about", "id"]), models.Index(fields=["type", "id"])]


class Seal(models.Model):
    """A Merkle root over the acts since the seal before, chained to its head. `position` = last act covered."""

    number = models.IntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    acts = models.IntegerField()
    position = models.BigIntegerField()
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)


class Leaf(models.Model):
    """Membership of an act in a seal, as a row, with the hash that was sealed."""

    act = models.OneToOneField(Act, models.PROTECT, primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="leaves")
    hash = models.CharField(max_length=64)
