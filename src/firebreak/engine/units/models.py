"""Units, posts, members and their service. `path` of a unit works like the path of an area."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act


class Unit(models.Model):
    """Headquarters, task force, branch or team. `act` and `end_act` say when the ledger learned of both ends."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters"
        TASK_FORCE = "task_force"
        BRANCH = "branch"
        TEAM = "team"

    ref = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    charter_zh = models.TextField(blank=True)
    charter_en = models.TextField(blank=True)
    formed_at = models.DateTimeField()
    dissolved_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response_ref", "key"], name="unit_key_once_per_response")]


class Member(models.Model):
    """Somebody the response can deploy, from the roster."""

    ref = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    home = models.CharField(max_length=80, blank=True)
    standing = models.CharField(max_length=20, blank=True)
    skills = models.JSONField(default=list)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    roster_post = models.CharField(max_length=40, blank=True, db_index=True)
    roster_role = models.CharField(max_length=12, blank=True)


class Post(models.Model):
    """A place of work in a unit. `required` people are asked for; `holder` answers for it over `areas`.

    `holder` is derived from the running service of role holder, in the same transaction. An overdue task stays
    `step_up_minutes` with this post before it climbs.
    """

    ref = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    duty = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    areas: "models.ManyToManyField[Area, PostArea]" = models.ManyToManyField(Area, through="PostArea")
    leads_unit = models.BooleanField(default=False)
    step_up_minutes = models.SmallIntegerField(default=30)
    required = models.SmallIntegerField()
    holder = models.ForeignKey(Member, models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["duty", "closed_at"], name="post_duty_open")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="post_code_once_per_unit"),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(leads_unit=True, closed_at=None), name="one_leader_post_per_unit"
            ),
            models.CheckConstraint(condition=models.Q(required__gte=1), name="post_requires_somebody"),
        ]


class PostArea(models.Model):
    """An area a post answers for (and everything below it)."""

    post = models.ForeignKey(Post, models.CASCADE)
    area = models.ForeignKey(Area, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "area"], name="post_area_once")]


class Service(models.Model):
    """A member's time at a post, as its holder, its deputy or one of its members. `ends_at` is set once, by `end_act`.

    The deputy becomes the holder in the moment in which the holder leaves.
    """

    class Role(models.TextChoices):
        HOLDER = "holder"
        DEPUTY = "deputy"
        MEMBER = "member"

    member = models.ForeignKey(Member, models.PROTECT, related_name="services")
    post = models.ForeignKey(Post, models.PROTECT, related_name="services")
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.MEMBER)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
    end_act = models.ForeignKey(Act, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "post"], condition=models.Q(ends_at=None), name="one_running_service"
            ),
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(ends_at=None, role="holder"), name="one_holder_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(ends_at=None, role="deputy"), name="one_deputy_at_a_time"
            ),
        ]


class Badge(models.Model):
    """Append-only: a badge that says until when somebody serves; the newest of a service is the one that is good."""

    ref = models.CharField(max_length=60, unique=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="badges")
    not_after = models.DateTimeField(db_index=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False, related_name="+")
