"""A foreign key is a dependency too: it never points from a lower package to a higher one."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import models

STOREYS = ["firebreak.engine.", "firebreak.operations.", "firebreak.command.", "firebreak.surfaces."]
# Bottom to top inside a storey; the same order as the layer contracts of pyproject.toml.
ORDER = {
    "engine": [
        *("journal", "ledgers", "pictures", "areas", "access", "plans", "registry", "units", "calendar"),
        *("approvals", "messages", "tasks", "capture"),
    ],
    "operations": ["zones", "rounds", "laboratory"],
    "command": [
        *("headquarters", "activation", "releasing", "zoning", "positives", "inspections", "musters", "duty", "weather"),
        *("recognition", "reports", "consultations", "publishing", "briefs", "closing", "amending", "reactions", "drill"),
    ],
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
                reverse = field.auto_created and not field.concrete
                owner, target = (field.related_model, model) if reverse else (model, field.related_model)
                low, high = height(owner.__module__), height(target.__module__)
                if high is not None and (low is None or low < high):
                    found.append(f"{owner._meta.label} → {target._meta.label}")
    return sorted(set(found))


def swapped_in(label: str) -> bool:
    """Django's own tables point at the account model by a setting, not by a dependency."""
    return label.startswith(("otp_totp.", "admin.", "auth.")) and label.endswith("→ access.Account")


def test_no_foreign_key_points_up() -> None:
    assert [key for key in upward_keys(apps.get_models(include_auto_created=True)) if not swapped_in(key)] == []


def planted(name: str, label: str, module: str, apart: Apps, **fields: Any) -> type[models.Model]:
    """A model that stands in a registry of its own, as if it were written in `module`."""
    meta = type("Meta", (), {"app_label": label, "apps": apart})
    return type(name, (models.Model,), {"__module__": module, "Meta": meta, **fields})


@pytest.mark.parametrize(("target", "found"), [("tasks.Task", ["areas.Planted → tasks.Task"]), ("journal.Act", [])])
def test_only_a_planted_upward_key_is_found(target: str, found: list[str]) -> None:
    apart = Apps()
    key = models.ForeignKey(target, models.PROTECT, related_name="planted")
    all_models = [
        planted("Task", "tasks", "firebreak.engine.tasks.models", apart),
        planted("Act", "journal", "firebreak.engine.journal.models", apart),
        planted("Planted", "areas", "firebreak.engine.areas.models", apart, subject=key),
    ]
    assert upward_keys(all_models) == found
