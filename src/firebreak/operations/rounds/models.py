"""Rounds, sites, tubes, entries and what happened to each person. Mass tables carry their round in the key."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.models import Task


class Round(models.Model):
    """One testing round over an area, from the register as known at `register_position`.

    `terms` are the rules of the plan it was opened under (`rules.Terms`): a later plan does not change them. `scope` says
    to whom of the area it is narrowed (`scope.Scope`); empty when to nobody.
    `again_task` answers for those to whom an outcome promised another record.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    ref = models.CharField(max_length=60, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    number = models.IntegerField()
    area = models.ForeignKey(Area, models.PROTECT)
    register_at = models.DateTimeField()
    register_position = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    terms = models.JSONField()
    scope = models.JSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True)
    again_task = models.ForeignKey(Task, models.PROTECT, null=True)
    act = models.ForeignKey(Act, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response_ref", "number"], name="round_number_once"),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at=None)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="round_closed_has_a_moment",
            ),
        ]


class Site(models.Model):
    """A sampling site. With no benches it is closed: rounds opened from then on do without it."""

    ref = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=40, unique=True)
    area = models.ForeignKey(Area, models.PROTECT)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    lon = models.FloatField()
    lat = models.FloatField()
    benches = models.SmallIntegerField()


class SiteDuty(models.Model):
    """The site that serves a building in a round, and the pool size for it (from the building's tier)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="duties")
    building = models.ForeignKey(Area, models.PROTECT)
    site = models.ForeignKey(Site, models.PROTECT)
    pool_size = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "building"], name="one_site_per_building_and_round")]


class Tube(models.Model):
    """A sample tube. `members` counts distinct persons now in it; `closed_by` says who sealed it.

    A tube seals itself ("full") when its pool is complete; a person seals a short one.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        SEALED = "sealed"
        VOID = "void"

    round = models.ForeignKey(Round, models.PROTECT, related_name="tubes")
    code = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT)
    pool_size = models.SmallIntegerField()
    members = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=6, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="tube_code_once"),
            models.CheckConstraint(condition=models.Q(members__gte=0), name="tube_members_not_negative"),
        ]


class TubeChange(models.Model):
    """Append-only: the tube as it stood from `happened_at` on."""

    tube = models.ForeignKey(Tube, models.PROTECT, related_name="changes")
    status = models.CharField(max_length=6)
    reason = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Scan(models.Model):
    """Append-only: what makes a person done: their swab went into a tube, as captured event `event_id` said.

    In a round whose proof is an outcome there is no tube; `outcome` is the plan's key of what was done at the door.
    """

    pk = models.CompositePrimaryKey("round_id", "event_id")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    event_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    tube = models.ForeignKey(Tube, models.PROTECT, null=True)
    outcome = models.CharField(max_length=40, db_default="")
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["round", "person"], name="scan_round_person")]


class Undo(models.Model):
    """Append-only: a scan was taken back (wrong person, spoiled tube), as captured event `event_id` said."""

    event_id = models.UUIDField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT)
    scan_event_id = models.UUIDField(unique=True)
    reason = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Entry(models.Model):
    """One person in one round. `origin` is listed or found.

    `state` is derived: the fold of everything known about the person (`rules.fold`); `facts` counts what that is
    made of, so that an untouched entry is recognised without looking.
    """

    class State(models.TextChoices):
        TO_DO = "to_do"
        SAMPLED = "sampled"
        EXCUSED = "excused"
        MOVED = "moved"
        DEAD = "dead"
        DUPLICATE = "duplicate"
        REFUSED = "refused"
        AWAY = "away"
        UNREACHABLE = "unreachable"

    class Origin(models.TextChoices):
        LISTED = "listed"
        FOUND = "found"

    pk = models.CompositePrimaryKey("round_id", "person_id")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    building = models.ForeignKey(Area, models.PROTECT)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.LISTED)
    state = models.CharField(max_length=11, choices=State.choices, default=State.TO_DO)
    revisit_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    facts = models.SmallIntegerField(default=0)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["round", "building", "state"], name="entry_round_building_state"),
            models.Index(
                fields=["round", "revisit_at", "person"], name="entry_to_revisit",
                condition=models.Q(state__in=["away", "unreachable"]),
            ),
        ]


class NotOwed(models.Model):
    """Append-only: somebody present whom the round does not cover, by age or scope, as known when it opened.

    Written down so that the book stays true when birthdays are corrected or erased, zones redrawn, needs changed.
    """

    pk = models.CompositePrimaryKey("round_id", "person_id")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class ListMiss(models.Model):
    """Append-only: a person found who was on no list of the round. `token` is what a phone called them by."""

    pk = models.CompositePrimaryKey("round_id", "person_id")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    building = models.ForeignKey(Area, models.PROTECT)
    found_as = models.CharField(max_length=7)
    event_id = models.UUIDField(null=True)
    token = models.CharField(max_length=60, blank=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["token"], name="miss_token", condition=~models.Q(token=""))]


class EntryOutcome(models.Model):
    """Append-only: the entry's state from `happened_at` on, as learned by `act`. No outcome means to do.

    Read the row with the latest (`happened_at`, id) that a cut-off knows. A fact that arrives late and changes
    what held afterwards leaves one row for each moment at which it did.
    """

    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    state = models.CharField(max_length=11)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["round", "person", "happened_at", "id"], name="outcome_round_person")]


class Attempt(models.Model):
    """Append-only: somebody called or knocked. `result`: away, unreachable, refused, promised.

    `event_id` is what a taking back names; attempts written before there was one have none.
    """

    event_id = models.UUIDField(null=True)
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    way = models.CharField(max_length=5)
    result = models.CharField(max_length=11)
    by = models.CharField(max_length=60)
    revisit_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["round", "person", "id"], name="attempt_round_person")]
        constraints = [
            models.UniqueConstraint(fields=["event_id"], condition=~models.Q(event_id=None), name="attempt_event_once"),
        ]


class AttemptUndo(models.Model):
    """Append-only: whoever wrote an attempt down took it back (a slip of the finger), as event `event_id` said."""

    event_id = models.UUIDField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT)
    attempt_event_id = models.UUIDField(unique=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Decision(models.Model):
    """Append-only: a named person closed an entry with a reason of the plan (or took that back).

    What they noted may name people: it is sealed under `event_id`, like the personal part of a captured event.
    """

    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    state = models.CharField(max_length=11)
    reason = models.CharField(max_length=40)
    event_id = models.UUIDField(null=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["round", "person", "id"], name="decision_round_person")]


class Tally(models.Model):
    """The coverage board: counts per round and building, kept in the transaction of their rows.

    `excused` holds everything closed with a reason except refusals: excused, moved, dead, duplicate.
    """

    pk = models.CompositePrimaryKey("round_id", "building_id")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    building = models.ForeignKey(Area, models.PROTECT)
    task = models.ForeignKey(Task, models.PROTECT, null=True)
    listed = models.IntegerField(default=0)
    found = models.IntegerField(default=0)
    to_do = models.IntegerField(default=0)
    sampled = models.IntegerField(default=0)
    excused = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    away = models.IntegerField(default=0)
    unreachable = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    to_do__gte=0, sampled__gte=0, excused__gte=0, refused__gte=0, away__gte=0, unreachable__gte=0
                ),
                name="tally_not_negative",
            ),
        ]


class Progress(models.Model):
    """People sampled at a site in a quarter of an hour, kept like `Tally`: the burn-down without its people."""

    pk = models.CompositePrimaryKey("round_id", "site_id", "begins_at")
    round = models.ForeignKey(Round, models.PROTECT, db_index=False)
    site = models.ForeignKey(Site, models.PROTECT)
    begins_at = models.DateTimeField()
    sampled = models.IntegerField(default=0)
