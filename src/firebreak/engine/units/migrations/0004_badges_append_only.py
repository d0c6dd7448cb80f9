"""The database itself refuses to change a badge."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("units", "0003_badges")]
    operations = [
        AppendOnly("units_badge"),
    ]
