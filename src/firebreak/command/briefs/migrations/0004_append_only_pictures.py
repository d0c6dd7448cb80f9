"""The database itself refuses to change which pictures may be, and were, published."""

from django.db import migrations

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("briefs", "0003_pictures")]
    operations = [AppendOnly("briefs_briefpicture"), AppendOnly("briefs_publishedpicture")]
