"""The database itself refuses to change a step between levels or a certificate."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_initial")]
    operations = [
        AppendOnly("closing_levelstep"),
        AppendOnly("closing_certificate"),
    ]
