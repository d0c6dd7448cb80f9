"""What can be wrong with the database and with what it holds. Reads only; each check is a few queries."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.engine.access.actors import actors_of
from firebreak.engine.access.models import Account
from firebreak.engine.journal import sealfile, seals
from firebreak.engine.journal.models import Act, Installation
from firebreak.engine.journal.protection import AppendOnly
from firebreak.engine.plans.queries import adopted, adopted_plans
from firebreak.engine.units.models import Post
from firebreak.kernel import clock, folder
from firebreak.kernel.text import T
from firebreak.upkeep.findings import Finding, FindingKind

NO_DATABASE = FindingKind(
    "no-database",
    T("连不上数据库:{problem}", "The database does not answer: {problem}"),
    T(
        "检查 DATABASE_URL 和数据库服务;没设 DATABASE_URL 时用数据文件夹里的 SQLite。",
        "Check DATABASE_URL and the database server; without DATABASE_URL it is SQLite in the data folder.",
    ),
    grave=True,
)
BEHIND = FindingKind(
    "migrations-pending",
    T("数据库结构比程序旧,差 {count} 步。", "The database is older than the program; steps it lacks: {count}."),
    T(
        "先停机,把数据文件夹整个复制一份(PostgreSQL 再加 pg_dump),然后运行 firebreak migrate。",
        "Stop, copy the whole data folder (and pg_dump on PostgreSQL), then run firebreak migrate.",
    ),
    grave=True,
)
OTHER_INSTALLATION = FindingKind(
    "other-installation",
    T(
        "数据库属于另一处安装({theirs}),不是这个数据文件夹({ours})的。",
        "The database belongs to another installation ({theirs}), not to this data folder ({ours}).",
    ),
    T(
        "让 FIREBREAK_DATA 和 DATABASE_URL 指向同一处安装。",
        "Point FIREBREAK_DATA and DATABASE_URL at the same installation.",
    ),
    grave=True,
)
NOT_DURABLE = FindingKind(
    "not-durable",
    T(
        "数据库设置 {name} = {value},停电会丢已确认的记录。",
        "{name} is {value}: a power cut would lose what was acknowledged.",
    ),
    T("设成 {wanted} 再启动。", "Set it to {wanted} and start again."),
    grave=True,
)
UNPROTECTED = FindingKind(
    "unprotected-tables",
    T("这些表的“只增不改”保护不在了:{tables}。", "These tables lost their append-only protection: {tables}."),
    T(
        "查是谁动的(firebreak verify --database),再从备份恢复。",
        "Find out who did it (firebreak verify --database), then restore from a backup.",
    ),
    grave=True,
)
SEALS_APART = FindingKind(
    "seals-apart",
    T("封存文件到第 {file} 号,数据库到第 {rows} 号。", "The seal file ends at {file}, the database at {rows}."),
    T(
        "运行 firebreak verify --database 看缺在哪边,再从备份恢复。",
        "Run firebreak verify --database to see which side lacks what, then restore it from a backup.",
    ),
    grave=True,
)
SEAL_OLD = FindingKind(
    "seal-old",
    T(
        "有 {count} 条凭证超过 {minutes} 分钟没有封存。",
        "{count} acts have waited longer than {minutes} minutes for a seal.",
    ),
    T(
        "看 firebreak work 是否在跑(firebreak up 会带上它)。",
        "See whether firebreak work runs (firebreak up starts it).",
    ),
)
UNVERIFIED_PLAN = FindingKind(
    "unverified-plan",
    T("预案 {pack} 有 {count} 个值没有出处。", "Plan {pack} has {count} values without a source."),
    T(
        "请主管部门逐个核定;清单:firebreak plan check plans/{pack} --unverified",
        "Have each confirmed by the authority; list: firebreak plan check plans/{pack} --unverified",
    ),
)
UNFILLED_POSTS = FindingKind(
    "unfilled-posts",
    T("{count} 个岗位没有人。", "{count} posts have nobody."),
    T("在指挥部页补人,或导入人员名册。", "Fill them on the headquarters page, or import the roster."),
)
NO_SECOND_FACTOR = FindingKind(
    "no-second-factor",
    T(
        "{count} 个账号的岗位要用动态口令,还没有启用。",
        "{count} accounts whose role asks for a second factor have none yet.",
    ),
    T("请本人登录一次,按页面扫码启用。", "Ask each to sign in once and scan the code shown."),
)
SEAL_PATIENCE = timedelta(minutes=10)


def database_findings() -> Iterator[Finding]:
    """Connection, structure, whose it is, durability and protection."""
    structure = list(structure_findings())
    yield from structure
    if structure:
        return
    yield from _whose()
    yield from _durability()
    lost = sorted(protected_tables() - _guarded_tables())
    if lost:
        yield UNPROTECTED.found(tables=", ".join(lost))


def structure_findings() -> Iterator[Finding]:
    """Whether the database answers and has the tables this program knows."""
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        yield NO_DATABASE.found(problem=str(problem).strip().splitlines()[0])
        return
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        yield BEHIND.found(count=len(pending))


def content_findings() -> Iterator[Finding]:
    """Seals, plan, posts and accounts; asked only when the structure is sound."""
    newest, line = seals.latest(), sealfile.last(settings.DATA)
    rows, written = newest.number if newest else 0, line.number if line else 0
    if written not in (rows, rows + 1):
        yield SEALS_APART.found(file=written, rows=rows)
    floor = newest.position if newest else 0
    waiting = Act.objects.filter(id__gt=floor, received_at__lt=clock.now() - SEAL_PATIENCE).count()
    if waiting:
        yield SEAL_OLD.found(count=waiting, minutes=int(SEAL_PATIENCE.total_seconds() // 60))
    for plan in adopted_plans():
        if unsourced := len(adopted(plan.ref).unverified()):
            yield UNVERIFIED_PLAN.found(pack=plan.pack, count=unsourced)
    if empty := Post.objects.filter(closed_at=None, holder=None).count():
        yield UNFILLED_POSTS.found(count=empty)
    yield from _second_factors()


def protected_tables() -> set[str]:
    """The tables that the migrations made append-only."""
    migrations = MigrationExecutor(connection).loader.disk_migrations.values()
    operations: list[Operation] = [operation for migration in migrations for operation in migration.operations]
    return {operation.table for operation in operations if isinstance(operation, AppendOnly)}


def _guarded_tables() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE tgname = 'append_only' AND tgenabled = 'O'"
            )
            return {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_no_delete'")
        deleting = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_no_update'")
        return deleting & {name for (name,) in cursor.fetchall()}


def _whose() -> Iterator[Finding]:
    row, described = Installation.objects.first(), folder.read(settings.DATA)
    if row and described and (row.folder, row.kind) != (described["folder"], described["kind"]):
        theirs, ours = folder.KIND_WORDS[row.kind], folder.KIND_WORDS[described["kind"]]
        yield OTHER_INSTALLATION.found(theirs=theirs, ours=ours)


def _durability() -> Iterator[Finding]:
    wanted = (
        {"fsync": "on", "synchronous_commit": "on"}
        if connection.vendor == "postgresql"
        else {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}
    )
    if settings.FIREBREAK_DRILL:
        return
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"SHOW {name}" if connection.vendor == "postgresql" else f"PRAGMA {name}")
            (now,) = cursor.fetchone()
            if now != value and not (name == "synchronous_commit" and now in ("remote_apply", "remote_write")):
                yield NOT_DURABLE.found(name=name, value=now, wanted=value)


def _second_factors() -> Iterator[Finding]:
    if settings.FIREBREAK_DRILL:
        return
    with_password = Account.objects.filter(is_active=True).exclude(password__startswith="!")  # noqa: S106  marks none
    enrolled = TOTPDevice.objects.filter(confirmed=True).values("user_id")
    without = with_password.exclude(pk__in=enrolled).values_list("ref", flat=True)
    if count := sum(actor.second_factor for actor in actors_of(without).values()):
        yield NO_SECOND_FACTOR.found(count=count)
