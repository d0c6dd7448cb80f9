"""The area tree. `path` is the parents' codes and its own between slashes; a prefix of it is a scope."""

from django.db import models

from firebreak.engine.journal.models import Act


class Area(models.Model):
    """A district, community, grid or building. Geometry is GeoJSON in WGS-84 longitude, latitude."""

    class Level(models.TextChoices):
        DISTRICT = "district"
        COMMUNITY = "community"
        GRID = "grid"
        BUILDING = "building"

    code = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=200, unique=True)
    level = models.CharField(max_length=9, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    geometry = models.JSONField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["level", "path"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level="district", parent=None)
                | (~models.Q(level="district") & models.Q(parent__isnull=False)),
                name="area_has_a_parent_unless_district",
            ),
        ]


class Building(models.Model):
    """What only buildings have. `compound` is the walled estate or village it stands in."""

    area = models.OneToOneField(Area, models.PROTECT, primary_key=True, related_name="building")
    address = models.CharField(max_length=160, blank=True)
    compound = models.CharField(max_length=80, blank=True)
    use = models.CharField(max_length=20, blank=True)
    floors = models.SmallIntegerField(null=True)
    units = models.SmallIntegerField(null=True)


class AreaVersion(models.Model):
    """Append-only: an area as it stood from `happened_at` on, as learned by `act`. An area never changes its parent."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="versions")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    geometry = models.JSONField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=160, blank=True)
    compound = models.CharField(max_length=80, blank=True)
    use = models.CharField(max_length=20, blank=True)
    floors = models.SmallIntegerField(null=True)
    units = models.SmallIntegerField(null=True)
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)
