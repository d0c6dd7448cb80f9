"""Units, posts, members and their service. `path` of a unit works like the path of an area."""

from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Act


class Unit(models.Model):
    """Headquarters, task force, branch or team."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters"
        TASK_FORCE = "task_force"
        BRANCH = "branch"
        PIONEER_TEAM = "pioneer_team"

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


class Member(models.Model):
    """Somebody the response can deploy, from the roster."""

    ref = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    home = models.CharField(max_length=80, blank=True)
    standing = models.CharField(max_length=20, blank=True)
    skills = models.JSONField(default=list)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    roster_post = models.CharField(max_length=40, blank=True)
    roster_role = models.CharField(max_length=12, blank=True)


class Post(models.Model):
    """A place of work in a unit. `required` people are asked for; `holder` answers for it."""

    ref = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    duty = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    leads_unit = models.BooleanField(default=False)
    pioneer = models.BooleanField(default=False)
    required = models.SmallIntegerField()
    holder = models.ForeignKey(Member, models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=models.Q(leads_unit=True, closed_at=None), name="one_leader_post_per_unit"),
            models.CheckConstraint(condition=models.Q(required__gte=1), name="post_requires_somebody"),
        ]


class Service(models.Model):
    """A member's time at a post. `ends_at` is set once."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="services")
    post = models.ForeignKey(Post, models.PROTECT, related_name="services")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "post"], condition=models.Q(ends_at=None), name="one_running_service"),
        ]
