"""The database itself refuses to change what was published."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [
        AppendOnly("publishing_publication"),
        AppendOnly("publishing_withdrawal"),
    ]
