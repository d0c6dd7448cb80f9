"""Fixtures of the whole suite; README.md beside this file says when to use which.

Before Django loads, this process gets a data folder of its own with fresh keys; it is removed at the end.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

DATA = Path(tempfile.mkdtemp(prefix="firebreak-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ |= {
    "FIREBREAK_DATA": str(DATA),
    "DJANGO_SETTINGS_MODULE": "firebreak.settings",
    # The browser driver keeps an event loop in the main thread, where tests also read the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

from firebreak.kernel import clock, folder, text  # noqa: E402  the data folder must be named first

folder.create(DATA, kind="real", time_zone="Asia/Shanghai")

from django.conf import settings  # noqa: E402

from tests.support import damage as damaging  # noqa: E402
from tests.support import databases  # noqa: E402

databases.use_a_file(settings.DATABASES["default"], DATA)

# A busy machine proves nothing about the program: laws are judged by what holds, never by the time it took.
hypothesis.settings.register_profile("firebreak", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("firebreak")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker must name its own data folder before the settings are read; inherited, they would be read first."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole folders that say nothing about a database run once."""
    for item in items:
        if {"architecture", "browser", "kernel"} & set(Path(item.path).parts):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests that commit be cleaned up in spite of the append-only triggers, and statistics stay true."""
    databases.empty_tables_after_committing_tests()
    with django_db_blocker.unblock():
        databases.keep_planner_from_believing_tables_empty()


@pytest.fixture(autouse=True)
def _clean_surroundings() -> Iterator[None]:
    """No test inherits another's sealed files, clock, language or map.

    The map is kept by the keys of the newest area, which never come back in use, but do after a rollback.
    """
    from firebreak.surfaces.common import maps

    shutil.rmtree(DATA / "journal", ignore_errors=True)
    maps._sheet.cache_clear()
    with text.speaking("zh"):
        yield
    clock.use(None)


@pytest.fixture
def ledger(db: None) -> Path:
    """A migrated, empty ledger, rolled back afterwards; the value is its data folder."""
    return DATA


@pytest.fixture
def committed_ledger(transactional_db: None) -> Path:
    """As `ledger`, but transactions really commit: for threads, locks, seals and servers."""
    return DATA


@pytest.fixture
def clock_at() -> Iterator[Callable[[datetime], None]]:
    """`clock_at(moment)` stops ledger time at the moment until the test ends or calls again."""

    def stop(moment: datetime) -> None:
        clock.use(lambda: moment)

    yield stop
    clock.use(None)


@pytest.fixture
def drop_protection(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """`drop_protection("journal_act", …)` removes the append-only triggers, as the owner of the database could."""
    with ExitStack() as restored:

        def drop(*tables: str) -> None:
            for table in tables:
                restored.enter_context(damaging.unprotected(table))

        yield drop


@pytest.fixture
def damage() -> Callable[..., int]:
    """`damage(sql, params)` runs raw SQL past every trigger and foreign key; gives the rows it touched."""
    return damaging.damage


@pytest.fixture
def live_server_url(live_server: Any) -> str:
    """The address of the program served on a thread, with every middleware; the database commits."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for the whole run."""
    from tests.support.browsing import running_browser

    with running_browser() as running:
        yield running


@pytest.fixture
def browser_page(browser: Any, live_server_url: str) -> Iterator[Any]:
    """A fresh page; relative addresses lead to `live_server_url`; an error in the console fails the test."""
    from tests.support.browsing import fresh_page

    with fresh_page(browser, live_server_url) as page:
        yield page


@pytest.fixture
def real_database(tmp_path: Path) -> Iterator["databases.RealDatabase"]:
    """A migrated database and data folder for programs started as processes of their own (kill -9 tests)."""
    with databases.real_database(tmp_path) as database:
        yield database
