"""Laboratories, specimens and their way, results, and positive pools."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.models import Task
from firebreak.operations.laboratory.stages import Kind, Means, Stage
from firebreak.operations.rounds.models import Round, Site, Tube


class Laboratory(models.Model):
    """A laboratory. A `higher` one re-checks. `tubes_a_day` is what it can honestly do; 0 closes it.

    `public_key` (base64url, P-256 point) verifies its files; `token_hash` opens its door of the interface.
    """

    ref = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=20, unique=True)
    area = models.ForeignKey(Area, models.PROTECT)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    higher = models.BooleanField(default=False)
    tubes_a_day = models.IntegerField()
    public_key = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)


class LabelRun(models.Model):
    """Append-only: labels printed for a site: `count` codes from `first` on, `prefix` before their number.

    `first_code` and `last_code` are the ends, so that a code's run is found by comparing texts.
    """

    class Kind(models.TextChoices):
        TUBE = "tube"
        BAG = "bag"

    ref = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    prefix = models.CharField(max_length=10)
    first = models.IntegerField()
    count = models.IntegerField()
    first_code = models.CharField(max_length=40)
    last_code = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT, related_name="label_runs")
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "first"], name="labels_printed_once")]


class LabelLost(models.Model):
    """Append-only: a printed label that will not be used: torn, lost, thrown away."""

    run = models.ForeignKey(LabelRun, models.PROTECT, related_name="lost")
    code = models.CharField(max_length=40, unique=True)
    reason = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Bag(models.Model):
    """A transport bag, closed at a site with a label of its own."""

    code = models.CharField(max_length=40, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="bags")
    packed_by = models.CharField(max_length=60)
    packed_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Pool(models.Model):
    """A positive tube: everybody in it is held, and tested alone, until each has a result of their own."""

    ref = models.CharField(max_length=60, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="positive_pools")
    tube = models.OneToOneField(Tube, models.PROTECT, related_name="positive_pool")
    task = models.ForeignKey(Task, models.PROTECT, null=True)
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Held(models.Model):
    """Append-only: a person of a positive pool, held from `happened_at` until they have a result of their own."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    building = models.ForeignKey(Area, models.PROTECT)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "person"], name="held_once_a_pool")]


class Released(models.Model):
    """Append-only: a person of a pool will have no result of their own (dead, in hospital), as a named person decided."""

    held = models.OneToOneField(Held, models.PROTECT, related_name="release")
    reason = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Specimen(models.Model):
    """A tube on its way. `stage`, `holder`, `bag` and `laboratory` are its last change."""

    code = models.CharField(max_length=40, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="specimens")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    tube = models.OneToOneField(Tube, models.PROTECT, null=True, related_name="specimen")
    held = models.ForeignKey(Held, models.PROTECT, null=True, related_name="swabs")
    expected = models.CharField(max_length=8, choices=Means.choices, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    holder = models.CharField(max_length=60)
    bag = models.ForeignKey(Bag, models.PROTECT, null=True, related_name="specimens")
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, null=True)
    since = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["round", "stage"], name="specimen_round_stage")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="pool", tube__isnull=False, held=None, expected="")
                | models.Q(kind="single", tube=None, held__isnull=False, expected="")
                | (models.Q(kind="control", tube=None, held=None) & ~models.Q(expected="")),
                name="specimen_is_of_one_kind",
            ),
        ]


class SpecimenChange(models.Model):
    """Append-only: where the specimen is and who holds it, from `happened_at` on."""

    specimen = models.ForeignKey(Specimen, models.PROTECT, related_name="changes")
    stage = models.CharField(max_length=8)
    holder = models.CharField(max_length=60)
    bag = models.ForeignKey(Bag, models.PROTECT, null=True, db_index=False)
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, null=True, db_index=False)
    reason = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class CustodyTransfer(models.Model):
    """Append-only: specimens went from one to another, counted by both. `expected` is what the books said was there."""

    event_id = models.UUIDField(unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="transfers")
    giver = models.CharField(max_length=60)
    taker = models.CharField(max_length=60)
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, null=True)
    counted = models.IntegerField()
    expected = models.IntegerField()
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Delivery(models.Model):
    """Append-only: a list of results as it came: rows in = accepted + rejected + repeated."""

    class Source(models.TextChoices):
        FILE = "file"
        INTERFACE = "api"
        KEYED = "keyed"

    ref = models.CharField(max_length=60, unique=True)
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="deliveries")
    source = models.CharField(max_length=5, choices=Source.choices)
    digest = models.CharField(max_length=64)
    signed = models.BooleanField()
    rows = models.IntegerField()
    accepted = models.IntegerField()
    rejected = models.IntegerField()
    repeated = models.IntegerField()
    waiting = models.IntegerField(default=0)
    by = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class RejectedRow(models.Model):
    """Append-only: a row of a delivery that did not count, with the reason."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rejected_rows")
    number = models.IntegerField()
    code = models.CharField(max_length=40)
    refusal = models.CharField(max_length=40)
    words_zh = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300)


class Result(models.Model):
    """Append-only: what a laboratory said of a specimen. The latest row holds; a change is another row."""

    specimen = models.ForeignKey(Specimen, models.PROTECT, related_name="results")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="results")
    means = models.CharField(max_length=8, choices=Means.choices)
    tested_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
