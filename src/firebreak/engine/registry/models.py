"""The register. Names stay in clear inside the protected store; ids and phones are sealed (AES-GCM)."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act


class Household(models.Model):
    """People behind one door."""

    ref = models.CharField(max_length=40, unique=True)
    building = models.ForeignKey(Area, models.PROTECT)
    door = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "door", "number"], name="household_is_one_door")]


class Person(models.Model):
    """A human being. Everything but the name and the ref may be unknown."""

    class IdKind(models.TextChoices):
        RESIDENT = "resident"
        PASSPORT = "passport"
        PERMIT = "permit"
        NONE = "none"

    ref = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=20, blank=True)
    sex = models.SmallIntegerField(default=0)
    birth_on = models.DateField(null=True)
    id_kind = models.CharField(max_length=8, choices=IdKind.choices, default=IdKind.NONE)
    id_sealed = models.BinaryField(null=True)
    id_hash = models.CharField(max_length=32, null=True, unique=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="persons")
    twin_key = models.CharField(max_length=32, blank=True, db_index=True)
    died_on = models.DateField(null=True)

    class Meta:
        # Search asks for beginnings: on PostgreSQL only this operator class answers LIKE 'x%' from an index.
        indexes = [
            models.Index(fields=["name"], name="person_by_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["pinyin"], name="person_by_pinyin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["initials"], name="person_by_initials", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["id_last4"], name="person_by_last4"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sex__in=[0, 1, 2, 9]), name="person_sex_is_iso_5218"),
        ]


class NeedFlag(models.Model):
    """A need of a person (dialysis, alone and old, infant …), kept apart under a right of its own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="needs")
    key = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="need_once_per_person")]


class Presence(models.Model):
    """Where a person is now expected: the current state derived from `PresenceChange`."""

    class Kind(models.TextChoices):
        LIVES = "lives"
        WORKS = "works"
        PASSING = "passing"

    person = models.ForeignKey(Person, models.PROTECT, related_name="presences")
    building = models.ForeignKey(Area, models.PROTECT)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    door = models.CharField(max_length=40, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "building", "kind"], name="presence_once"),
        ]


class PresenceChange(models.Model):
    """Append-only: a presence began (+1) or ended (−1) at `happened_at`, learned by `act`."""

    person = models.ForeignKey(Person, models.PROTECT)
    building = models.ForeignKey(Area, models.PROTECT)
    kind = models.CharField(max_length=7, choices=Presence.Kind.choices)
    change = models.SmallIntegerField()
    reason = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(change__in=[1, -1]), name="presence_change_is_one_step"),
        ]


class PersonPair(models.Model):
    """Two entries of the register that may be one human being, and what somebody decided. `why` names what is alike."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        MERGED = "merged"
        APART = "apart"

    ref = models.CharField(max_length=40, unique=True)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    why = models.JSONField()
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
        ]
        indexes = [models.Index(fields=["status", "-score", "id"], name="pairs_waiting")]


class PersonMerge(models.Model):
    """`folded` is the same human being as `kept`: it is expected nowhere while this stands. Undone, it is as before."""

    pair = models.ForeignKey(PersonPair, models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merged_from")
    folded = models.ForeignKey(Person, models.PROTECT, related_name="merged_into")
    needs_added = models.JSONField(default=list)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    undone_by = models.CharField(max_length=60, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folded"], condition=models.Q(undone_at=None), name="person_folded_once"
            ),
        ]


class FoldedStay(models.Model):
    """A presence of the folded entry as it was, kept so that undoing is exact; `taken` when it went to the kept one."""

    merge = models.ForeignKey(PersonMerge, models.CASCADE, related_name="stays")
    building = models.ForeignKey(Area, models.PROTECT)
    kind = models.CharField(max_length=7)
    door = models.CharField(max_length=40, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    taken = models.BooleanField()


class ImportFile(models.Model):
    """One file brought in: what it was, how its columns were read, and its three counts."""

    class Status(models.TextChoices):
        STAGED = "staged"
        APPLYING = "applying"
        APPLIED = "applied"
        ABANDONED = "abandoned"

    ref = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    reading = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.STAGED)
    rows = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class ImportMapping(models.Model):
    """A column mapping that worked, offered again when the same headers come back."""

    kind = models.CharField(max_length=10)
    headers_hash = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "headers_hash"], name="mapping_once_per_headers")]


class ImportChunk(models.Model):
    """A slice of a staged file. Values and cells are sealed, and erased when the slice is in the register."""

    file = models.ForeignKey(ImportFile, models.PROTECT, related_name="chunks")
    number = models.IntegerField()
    rows = models.IntegerField()
    sealed = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_chunk_once")]


class ImportRow(models.Model):
    """A row that brought nothing new (duplicate) or stayed out (rejected, with its cells sealed and the reason)."""

    file = models.ForeignKey(ImportFile, models.PROTECT, related_name="outcomes")
    number = models.IntegerField()
    verdict = models.CharField(max_length=9)
    problem = models.CharField(max_length=60, blank=True)
    problem_zh = models.TextField(blank=True)
    problem_en = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_row_once")]


class CensusCount(models.Model):
    """Append-only: how many people a census counted in an area on a day, and whose count it is."""

    area = models.ForeignKey(Area, models.PROTECT)
    people = models.IntegerField()
    counted_on = models.DateField()
    source = models.CharField(max_length=120)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
