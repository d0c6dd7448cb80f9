"""Pictures with what they prove."""

from django.db import models

from firebreak.engine.journal.models import Act


class Picture(models.Model):
    """A picture of something (`about`, a ref). `digest` is the SHA-256 of the JPEG as kept; `sealed` is null once erased."""

    ref = models.CharField(max_length=60, unique=True)
    about = models.CharField(max_length=60, db_index=True)
    response_ref = models.CharField(max_length=60, db_index=True)
    width = models.SmallIntegerField()
    height = models.SmallIntegerField()
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    by = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
