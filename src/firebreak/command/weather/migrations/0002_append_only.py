"""The database itself refuses to change what was observed."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("weather", "0001_initial")]
    operations = [
        AppendOnly("weather_observation"),
    ]
