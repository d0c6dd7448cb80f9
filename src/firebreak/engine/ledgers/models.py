"""The checks of the books: append-only, one a minute, so that the balance has a history and pages a fresh answer."""

from django.db import models


class Check(models.Model):
    """All balances at one moment: `balances` as JSON with their titles; `difference` is the sum of their sizes."""

    at = models.DateTimeField(db_index=True)
    position = models.BigIntegerField()
    balanced = models.BooleanField()
    difference = models.IntegerField()
    balances = models.JSONField()
