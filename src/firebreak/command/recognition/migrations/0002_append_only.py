"""The database itself refuses to change who agreed."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("recognition", "0001_initial")]
    operations = [
        AppendOnly("recognition_consent"),
    ]
