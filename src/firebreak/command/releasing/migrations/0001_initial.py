"""Statements about the end of zones and responses."""

import django.db.models.deletion
from django.db import migrations, models

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=60, unique=True)),
                ("response_ref", models.CharField(max_length=60)),
                ("about", models.CharField(db_index=True, max_length=60)),
                ("primitive", models.CharField(max_length=30)),
                ("holds", models.BooleanField()),
                ("since", models.DateTimeField()),
                ("people", models.SmallIntegerField(default=1)),
                ("statement", models.CharField(max_length=400)),
                ("source", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=60)),
                ("happened_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="journal.act"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="last_look_is_one")],
            },
        ),
        AppendOnly("releasing_attestation"),
    ]
