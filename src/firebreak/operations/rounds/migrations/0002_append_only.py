"""The database itself refuses to change what this domain has written down."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [
        AppendOnly("rounds_tubechange"),
        AppendOnly("rounds_scan"),
        AppendOnly("rounds_undo"),
        AppendOnly("rounds_listmiss"),
        AppendOnly("rounds_entryoutcome"),
        AppendOnly("rounds_attempt"),
        AppendOnly("rounds_decision"),
    ]
