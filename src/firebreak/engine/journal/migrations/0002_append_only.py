"""The database itself refuses to change what this domain has written down."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        AppendOnly("journal_act"),
        AppendOnly("journal_answer"),
        AppendOnly("journal_event"),
        AppendOnly("journal_seal"),
        AppendOnly("journal_leaf"),
        AppendOnly("journal_installation"),
    ]
