"""Accounts, grants, invitations and sign-ins. Passwords are argon2id; TOTP devices belong to django-otp."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Event


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; creation is an action (`access.actions`)."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A person who signs in. `ref` is how the journal names them."""

    ref = models.CharField(max_length=60, unique=True)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    member_ref = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AccountManager()
    USERNAME_FIELD = "username"


class Grant(models.Model):
    """A role over an area (and below) and, when `unit_path` is set, within a unit (and below), for a time."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    unit_path = models.CharField(max_length=200, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("begins_at")),
                name="grant_ends_after_it_begins",
            ),
        ]


class Invitation(models.Model):
    """A single-use slip with which a new account sets its first password. Only the code's hash is kept."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """A session as its owner knows it: where, since when, last seen. Times are real, never the drill's.

    `proved_at` is when its owner last showed who they are: by password, and by code where the role has one.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"])]


class Mention(models.Model):
    """Append-only: a journaled read listed this person without being about them (a search result)."""

    about = models.CharField(max_length=120)
    event = models.ForeignKey(Event, models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["about", "event"])]


class Bookmark(models.Model):
    """How far somebody has read what changed: the position of the journal. A bookmark, not a fact."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="bookmark")
    position = models.BigIntegerField()
    at = models.DateTimeField()
