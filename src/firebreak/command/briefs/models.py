"""Quotes, pictures, briefs, their versions, and what was published of them."""

from django.db import models

from firebreak.command.activation.models import Response
from firebreak.engine.journal.models import Act
from firebreak.engine.pictures.models import Picture


class Quote(models.Model):
    """Append-only: words somebody said, where they stand, and who agreed that they are quoted."""

    ref = models.CharField(max_length=60, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="quotes")
    number = models.IntegerField()
    speaker = models.CharField(max_length=80)
    words = models.CharField(max_length=500)
    source = models.CharField(max_length=160)
    consent = models.CharField(max_length=160)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="quote_number_once")]


class BriefPicture(models.Model):
    """Append-only: a picture that may be published, where it comes from, and who agreed. It is kept in `pictures`."""

    ref = models.CharField(max_length=60, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="brief_pictures")
    number = models.IntegerField()
    caption = models.CharField(max_length=120)
    source = models.CharField(max_length=160)
    consent = models.CharField(max_length=160)
    picture = models.OneToOneField(Picture, models.PROTECT, related_name="+")
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="brief_picture_number_once")]


class Brief(models.Model):
    """A news brief of a response. Its words are its versions."""

    ref = models.CharField(max_length=60, unique=True)
    response = models.ForeignKey(Response, models.PROTECT, related_name="briefs")
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="brief_number_once")]


class BriefVersion(models.Model):
    """Append-only: a title and a text with the names of figures and quotes in it. The first is its author's."""

    brief = models.ForeignKey(Brief, models.PROTECT, related_name="versions")
    title = models.CharField(max_length=80)
    text = models.TextField()
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class PublishedBrief(models.Model):
    """Append-only: what the public reads: paragraphs as they were approved, each figure with its cut-off."""

    brief = models.OneToOneField(Brief, models.PROTECT, related_name="published")
    content = models.JSONField()
    author = models.CharField(max_length=60)
    editor = models.CharField(max_length=60)
    approver = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class PublishedPicture(models.Model):
    """Append-only: a picture stands in a published brief, so anybody may see it while the brief is out."""

    published = models.ForeignKey(PublishedBrief, models.PROTECT, related_name="pictures")
    picture = models.ForeignKey(BriefPicture, models.PROTECT, related_name="published_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["published", "picture"], name="picture_once_a_brief")]


class WithdrawnBrief(models.Model):
    """Append-only: a published brief was wrong; the public reads that, and why."""

    published = models.OneToOneField(PublishedBrief, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
