"""The database itself refuses to change who held a specimen and what a laboratory said."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0001_initial")]
    operations = [
        AppendOnly("laboratory_specimenchange"), AppendOnly("laboratory_custodytransfer"), AppendOnly("laboratory_delivery"),
        AppendOnly("laboratory_rejectedrow"), AppendOnly("laboratory_result"), AppendOnly("laboratory_held"),
        AppendOnly("laboratory_released"),
    ]
