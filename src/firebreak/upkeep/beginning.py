"""Beginning a real installation: folder, keys, tables, the district, the first two administrators.

Opening accounts and giving roles are held by two different people from the first minute on. Runs once; a failure
on the way leaves nothing behind (`kernel.folder.new_folder`).
"""

from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection, transaction

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.entry import invite, set_first_password
from firebreak.engine.access.rights import WRITE_ACCOUNTS, WRITE_GRANTS
from firebreak.engine.areas.actions import AreaRow, add_areas
from firebreak.engine.areas.rights import AREAS_WRITE
from firebreak.engine.journal.models import Installation
from firebreak.kernel import clock, folder
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.upkeep.starting import enter_installation

BEGINNER = SystemActor("init", frozenset({WRITE_ACCOUNTS, WRITE_GRANTS, AREAS_WRITE}))

DATABASE_TAKEN = RefusalKind(
    "database-taken",
    T(
        "这个数据库已属于另一处安装({kind})。没有改动。请给一个空的数据库。",
        "This database belongs to another installation already ({kind}). Nothing was changed. Name an empty one.",
    ),
)


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Who gets one of the first two accounts."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What `begin` needs to know. `password` is the administrator's, when no slip is wanted."""

    district: AreaRow
    administrator: FirstPerson
    security: FirstPerson
    password: str | None = None


def begin(wanted: Beginning) -> dict[str, str]:
    """Make the tables, the district and the first two accounts; answers user name → slip code.

    Refuses `database-taken`, and what the actions it calls refuse. All rows in one transaction.
    """
    _refuse_taken_database()
    call_command("migrate", verbosity=0)
    now = clock.now()
    with transaction.atomic():
        enter_installation()
        add_areas(rows=[wanted.district], by=BEGINNER, at=now)
        people = {"system_admin": wanted.administrator, "security_admin": wanted.security}
        refs: dict[str, Ref] = {}
        for role, person in people.items():
            ref = create_account(username=person.username, name=person.name, by=BEGINNER, at=now)
            grant_role(account=ref, role=role, area_code="", by=BEGINNER, at=now)
            refs[person.username] = ref
        slips = invite(accounts=list(refs.values()), by=BEGINNER, at=now)
        codes = {username: slips[ref] for username, ref in refs.items()}
        if wanted.password is not None:
            username = wanted.administrator.username
            set_first_password(
                username=username,
                code=codes.pop(username),
                password=wanted.password,
                again=wanted.password,
                by=BEGINNER,
                at=now,
            )
    return codes


def _refuse_taken_database() -> None:
    if Installation._meta.db_table in connection.introspection.table_names():
        row = Installation.objects.first()
        if row:
            raise DATABASE_TAKEN.because(kind=folder.KIND_WORDS[row.kind])
