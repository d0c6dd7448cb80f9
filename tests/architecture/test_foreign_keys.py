"""A foreign key is a dependency too: it never points from a lower package to a higher one."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

STOREYS = ["firebreak.engine.", "firebreak.operations.", "firebreak.command.", "firebreak.surfaces."]
# Bottom to top inside a storey; the same order as the layer contracts of pyproject.toml.
ORDER = {
    "engine": [
        *("journal", "ledgers", "areas", "access", "plans", "registry", "units"),
        *("approvals", "messages", "tasks", "capture"),
    ],
    "operations": ["zones", "rounds"],
    "command": ["headquarters", "activation", "reports", "reactions", "drill"],
}


def height(module: str) -> tuple[int, int] | None:
    """(storey, place in it) of a module of ours; `None` for a library, which everybody may point at."""
    if not module.startswith("firebreak."):
        return None
    _, storey, package = module.split(".")[:3]
    return [name.split(".")[1] for name in STOREYS].index(storey), ORDER.get(storey, [package]).index(package)


def upward_keys(all_models: Iterable[type[models.Model]]) -> list[str]:
    """Every relation, forward or reverse, whose owner stands lower than its target."""
    found = []
    for model in all_models:
        for field in model._meta.get_fields(include_hidden=True):
            if field.is_relation and field.related_model and not isinstance(field.related_model, str):
                owner, target = (
                    (field.related_model, model) if field.auto_created and not field.concrete else (model, field.related_model)
                )
                low, high = height(owner.__module__), height(target.__module__)
                if high is not None and (low is None or low < high):
                    found.append(f"{owner._meta.label} → {target._meta.label}")
    return sorted(set(found))


def swapped_in(label: str) -> bool:
    """Django's own tables point at the account model by a setting, not by a dependency."""
    return label.startswith(("otp_totp.", "admin.", "auth.")) and label.endswith("→ access.Account")


def test_no_foreign_key_points_up() -> None:
    assert [key for key in upward_keys(apps.get_models(include_auto_created=True)) if not swapped_in(key)] == []


@pytest.mark.parametrize("target", ["tasks.Task", "journal.Act"])
def test_planted_upward_key_is_found(target: str) -> None:
    with isolate_apps("firebreak.engine.journal", "firebreak.engine.areas", "firebreak.engine.tasks", "firebreak.engine.units") as planted:
        class Task(models.Model):
            class Meta:
                app_label = "tasks"

        Task.__module__ = "firebreak.engine.tasks.models"

        class Act(models.Model):
            class Meta:
                app_label = "journal"

        Act.__module__ = "firebreak.engine.journal.models"

        class Planted(models.Model):
            subject = models.ForeignKey(target, models.PROTECT)

            class Meta:
                app_label = "areas"

        Planted.__module__ = "firebreak.engine.areas.models"
        found = upward_keys(planted.get_models())
    assert found == (["areas.Planted → tasks.Task"] if target == "tasks.Task" else [])
