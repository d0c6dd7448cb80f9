"""The database itself refuses to change an amendment that was made."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("activation", "0004_plan_change")]
    operations = [
        AppendOnly("activation_planchange"),
    ]
