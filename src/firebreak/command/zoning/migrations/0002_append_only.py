"""The database itself refuses to change what was made known."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("zoning", "0001_initial")]
    operations = [
        AppendOnly("zoning_alert"),
        AppendOnly("zoning_notice"),
    ]
