"""The database itself refuses to change what this domain has written down."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]
    operations = [
        AppendOnly("ledgers_check"),
    ]
