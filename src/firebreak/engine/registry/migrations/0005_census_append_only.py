"""The database itself refuses to change what a census counted."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_census")]
    operations = [
        AppendOnly("registry_censuscount"),
    ]
