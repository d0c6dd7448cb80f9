"""Attempts can be taken back: each has the id of its event, and what took it back is a row of its own."""

import django.db.models.deletion
from django.db import migrations, models

from firebreak.engine.journal.protection import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only"), ("rounds", "0002_append_only")]
    operations = [
        migrations.AddField("attempt", "event_id", models.UUIDField(null=True)),
        # With a condition SQLite gets an index; without one the table would be made anew and lose its triggers.
        migrations.AddConstraint(
            "attempt",
            models.UniqueConstraint(
                fields=["event_id"], condition=~models.Q(event_id=None), name="attempt_event_once",
            ),
        ),
        migrations.CreateModel(
            name="AttemptUndo",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("attempt_event_id", models.UUIDField(unique=True)),
                ("happened_at", models.DateTimeField()),
                ("act", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="journal.act")),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="rounds.round")),
            ],
        ),
        AppendOnly("rounds_attemptundo"),
    ]
