"""Adopted plan packs: everything they say, by content hash, with the order that is their authority."""

from django.db import models


class AdoptedPlan(models.Model):
    """A plan pack at the moment it was adopted: what its hash was taken over. Never edited, only succeeded."""

    ref = models.CharField(max_length=60, unique=True)
    pack = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    authority = models.CharField(max_length=200, blank=True)
    adopted_at = models.DateTimeField()
