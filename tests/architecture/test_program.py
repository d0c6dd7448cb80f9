"""Django's own checks, migrations, permissions, and which storeys may know HTTP."""

import ast
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from firebreak.kernel.permissions import catalogue

ROOT = Path(__file__).parents[2]
HTTP = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.middleware")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert out.getvalue().strip() == "No changes detected"


def test_deployment_check_is_silent_with_tls() -> None:
    outside = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    checked = subprocess.run(
        [sys.executable, "-m", "firebreak", "check", "--deploy", "--fail-level", "WARNING"],
        env=outside | {"FIREBREAK_TLS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.stderr == ""
    assert checked.returncode == 0


def test_every_role_names_declared_permissions_and_every_permission_has_a_role() -> None:
    source = ROOT / "src"
    for path in sorted(source.rglob("*.py")):
        if "= declare(" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(source).with_suffix("").parts))
    from firebreak.engine.access.roles import ROLES

    granted = {right for role in ROLES for right in role.rights}
    assert granted - set(catalogue()) == set()
    assert set(catalogue()) - granted == set()


def test_only_surfaces_know_http() -> None:
    found = []
    for storey in ("kernel", "engine", "operations", "command"):
        for path in (ROOT / "src/firebreak" / storey).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                found += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.startswith(HTTP)]
    assert found == []


def test_kernel_knows_neither_tables_nor_the_framework() -> None:
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "src/firebreak/kernel").glob("*.py")}
    assert [name for name, text in sources.items() if "import django" in text or "from django" in text] == []
