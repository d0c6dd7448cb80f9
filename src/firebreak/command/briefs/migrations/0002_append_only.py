"""The database itself refuses to change what was said, written and published."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("briefs", "0001_initial")]
    operations = [
        AppendOnly("briefs_quote"), AppendOnly("briefs_briefversion"), AppendOnly("briefs_publishedbrief"),
        AppendOnly("briefs_withdrawnbrief"),
    ]
