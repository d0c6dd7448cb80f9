"""A round may be made of outcomes at the door instead of swabs in tubes, and cover an age instead of everybody."""

import django.db.models.deletion
from django.db import migrations, models

from firebreak.engine.journal.protection import AppendOnly, protecting_sql


def protect_again(apps: object, editor: object) -> None:
    """SQLite made the table of scans anew to let its tube be empty, and with it lost its triggers."""
    if editor.connection.vendor == "sqlite":  # type: ignore[attr-defined]  # a schema editor
        for statement in protecting_sql("sqlite", "rounds_scan"):
            editor.execute(statement, params=None)  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_append_only"), ("rounds", "0003_attempt_undo"), ("tasks", "0002_append_only")]
    operations = [
        migrations.AddField(
            "scan",
            "outcome",
            models.CharField(max_length=40, db_default=""),
        ),
        migrations.AlterField(
            "scan",
            "tube",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="rounds.tube"),
        ),
        migrations.RunPython(protect_again, migrations.RunPython.noop),
        migrations.AddField(
            "round",
            "again_task",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="tasks.task"),
        ),
        migrations.CreateModel(
            name="NotOwed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "round_id",
                        "person_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="journal.act"),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registry.person")),
                (
                    "round",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="rounds.round"),
                ),
            ],
        ),
        AppendOnly("rounds_notowed"),
    ]
