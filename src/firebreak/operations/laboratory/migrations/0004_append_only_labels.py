"""The database itself refuses to change which labels were printed and given up."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0003_labels")]
    operations = [AppendOnly("laboratory_labelrun"), AppendOnly("laboratory_labellost")]
