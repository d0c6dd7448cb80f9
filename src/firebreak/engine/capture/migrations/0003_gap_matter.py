"""A gap says which matter it belongs to, so that a task can be about all that a device misses."""

from django.db import migrations, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat


def name_matters(apps, schema_editor):
    """What was noticed before is one matter for each device; the watch gives it an owner."""
    apps.get_model("capture", "Gap").objects.update(
        matter=Concat(Value("missing:d"), Cast(F("device_id"), CharField()))
    )


class Migration(migrations.Migration):
    dependencies = [("capture", "0002_append_only")]
    operations = [
        migrations.AddField("gap", "matter", models.CharField(max_length=60, default="")),
        migrations.RunPython(name_matters, migrations.RunPython.noop),
        migrations.AlterField("gap", "matter", models.CharField(max_length=60, db_index=True)),
    ]
