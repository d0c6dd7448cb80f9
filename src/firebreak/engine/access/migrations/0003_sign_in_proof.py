"""A session knows when its owner last showed who they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_append_only")]
    operations = [migrations.AddField("signin", "proved_at", models.DateTimeField(null=True))]
