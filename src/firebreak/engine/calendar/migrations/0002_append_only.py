"""The database itself refuses to change what was declared."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [
        AppendOnly("calendar_specialday"),
    ]
