"""The database itself refuses to change what was said at the table."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [
        AppendOnly("consultations_attendance"),
        AppendOnly("consultations_item"),
        AppendOnly("consultations_resolution"),
    ]
