"""The database itself refuses to change whom a positive person lived with."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("positives", "0001_initial")]
    operations = [AppendOnly("positives_contact")]
