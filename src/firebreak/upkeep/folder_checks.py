"""What can be wrong with the machine and the data folder. Reads files and the environment, never the database."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from firebreak.kernel import clock, folder
from firebreak.kernel.text import T
from firebreak.kernel.vault import KEY_NAMES
from firebreak.upkeep.findings import Finding, FindingKind

MEGABYTE = 1024 * 1024
LEAST_TO_START, LEAST_TO_BE_EASY = 100 * MEGABYTE, 2048 * MEGABYTE
BUILT = datetime(2026, 1, 1, tzinfo=UTC)

NOT_SET_UP = FindingKind(
    "not-set-up",
    T("数据文件夹 {path} 还没有初始化。", "The data folder {path} was never set up."),
    T(
        "运行 firebreak init;或用 FIREBREAK_DATA 指到正确的文件夹。",
        "Run firebreak init, or point FIREBREAK_DATA at the right folder.",
    ),
    grave=True,
)
KEYS_MISSING = FindingKind(
    "keys-missing",
    T(
        "钥匙不全:缺 {names}。没有它们,证件号和电话打不开。",
        "Keys are missing: {names}. Without them ids and phones stay shut.",
    ),
    T("从钥匙备份恢复到 {path};不要新建钥匙。", "Restore them to {path} from the key backup; do not make new ones."),
    grave=True,
)
KEYS_OPEN = FindingKind(
    "keys-open",
    T("别的账户读得到 {path}(权限 {mode})。", "Other accounts can read {path} (mode {mode})."),
    T("运行 chmod 600 {path}", "Run chmod 600 {path}"),
    grave=True,
)
FOLDER_OPEN = FindingKind(
    "folder-open",
    T(
        "别的账户进得了数据文件夹 {path}(权限 {mode})。",
        "Other accounts can enter the data folder {path} (mode {mode}).",
    ),
    T("运行 chmod 700 {path}", "Run chmod 700 {path}"),
    grave=True,
)
FOLDER_NOT_WRITABLE = FindingKind(
    "folder-not-writable",
    T("数据文件夹 {path} 写不进去。", "The data folder {path} cannot be written."),
    T("运行 sudo chown -R {user} {path}", "Run sudo chown -R {user} {path}"),
    grave=True,
)
ROLE_LINKS = FindingKind(
    "role-links",
    T(
        "这里是正式数据,folder.json 里却有演练的一键进入码。",
        "This is real data, yet folder.json holds a drill's one-tap code.",
    ),
    T('从 {path} 删去 "code" 一行。', 'Remove "code" from {path}.'),
    grave=True,
)
ANY_HOST = FindingKind(
    "any-host",
    T("FIREBREAK_HOSTS 是 *,任何网站名都会被回答。", "FIREBREAK_HOSTS is *: any site name would be answered."),
    T("写明域名或地址,例:FIREBREAK_HOSTS=firebreak.example.cn", "Name them, e.g. FIREBREAK_HOSTS=firebreak.example.cn"),
    grave=True,
)
OPEN_NETWORK = FindingKind(
    "open-network",
    T("要在 {host} 上提供服务,却没有加密(https)。", "It would serve on {host} without encryption (https)."),
    T(
        "用 firebreak up --lan;或给出 --certificate 与 --key;或只用 127.0.0.1,前面放 https 代理并设 FIREBREAK_TLS=1。",
        "Use firebreak up --lan, or give --certificate and --key, or bind 127.0.0.1 behind an https proxy with "
        "FIREBREAK_TLS=1.",
    ),
    grave=True,
)
PORT_TAKEN = FindingKind(
    "port-taken",
    T("{host} 的端口 {port} 已有程序在用。", "Port {port} on {host} is in use by another program."),
    T(
        "换一个:firebreak up --port {other};或先停掉那个程序。",
        "Use another: firebreak up --port {other}, or stop that program first.",
    ),
    grave=True,
)
DISK_FULL = FindingKind(
    "disk-full",
    T("磁盘只剩 {free} MB。", "Only {free} MB are left on the disk."),
    T(
        "腾出至少 {least} MB,再启动;已写入的都在。",
        "Free at least {least} MB and start again; what was written is safe.",
    ),
    grave=True,
)
DISK_LOW = FindingKind(
    "disk-low",
    T("磁盘剩 {free} MB,不够从容。", "{free} MB are left on the disk, which is little."),
    T("腾出空间,或把备份挪到别的盘。", "Free some, or move the backups to another disk."),
)
CLOCK_WRONG = FindingKind(
    "clock-wrong",
    T("这台机器的时间是 {now},不可能对。", "This machine's clock says {now}, which cannot be."),
    T("运行 sudo timedatectl set-ntp true,校好再启动。", "Run sudo timedatectl set-ntp true, then start again."),
    grave=True,
)
NO_BACKUP = FindingKind(
    "no-backup",
    T("还没有做过备份。", "No backup was ever made."),
    T("运行 firebreak backup 目标文件夹,并每天做一次。", "Run firebreak backup FOLDER, and do so daily."),
)
BACKUP_OLD = FindingKind(
    "backup-old",
    T("最近一次备份是 {hours} 小时前。", "The latest backup is {hours} hours old."),
    T("运行 firebreak backup 目标文件夹。", "Run firebreak backup FOLDER."),
)


def machine_findings() -> Iterator[Finding]:
    """Disk and clock."""
    present = next(path for path in (settings.DATA, *settings.DATA.parents) if path.exists())
    free = shutil.disk_usage(present).free
    if free < LEAST_TO_START:
        yield DISK_FULL.found(free=free // MEGABYTE, least=LEAST_TO_START // MEGABYTE)
    elif free < LEAST_TO_BE_EASY:
        yield DISK_LOW.found(free=free // MEGABYTE)
    if clock.real_now() < BUILT:
        yield CLOCK_WRONG.found(now=clock.iso(clock.real_now()))


def folder_findings() -> Iterator[Finding]:
    """The data folder, its keys and what folder.json says."""
    data: Path = settings.DATA
    described = folder.read(data)
    if described is None:
        yield NOT_SET_UP.found(path=data)
        return
    if not os.access(data, os.W_OK):
        yield FOLDER_NOT_WRITABLE.found(path=data, user=os.environ.get("USER", "root"))
    missing = [name for name in KEY_NAMES if not (data / "keys" / f"{name}.key").exists()]
    if missing:
        yield KEYS_MISSING.found(names=", ".join(missing), path=data / "keys")
    if described["kind"] == "real":
        yield from _open_to_others(data)
        if "code" in described:
            yield ROLE_LINKS.found(path=data / folder.FILE)
        if "*" in settings.ALLOWED_HOSTS:
            yield ANY_HOST.found()
        yield from _backup_findings(data)


def network_findings(host: str, port: int, *, encrypted: bool) -> Iterator[Finding]:
    """Whether the program may serve at this address. An address beyond loopback needs https."""
    if host not in ("127.0.0.1", "::1", "localhost") and not encrypted:
        yield OPEN_NETWORK.found(host=host)
    if not _free(host, port):
        yield PORT_TAKEN.found(host=host, port=port, other=port + 1)


def _free(host: str, port: int) -> bool:
    """Whether nobody answers there and we may bind. Both are asked: servers that share a port bind beside us."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    nearby = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    with socket.socket(family) as caller:
        caller.settimeout(2)
        if caller.connect_ex((nearby, port)) == 0:
            return False
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _open_to_others(data: Path) -> Iterator[Finding]:
    if data.stat().st_mode & 0o007:
        yield FOLDER_OPEN.found(path=data, mode=f"{data.stat().st_mode & 0o777:o}")
    for key in sorted((data / "keys").glob("*.key")):
        if key.stat().st_mode & 0o077:
            yield KEYS_OPEN.found(path=key, mode=f"{key.stat().st_mode & 0o777:o}")


def _backup_findings(data: Path) -> Iterator[Finding]:
    marks = data / "backups.log"
    if not marks.exists() or not (lines := marks.read_text("utf-8").split()):
        yield NO_BACKUP.found()
        return
    age = clock.real_now() - datetime.fromisoformat(lines[-1])
    if age.total_seconds() > 26 * 3600:
        yield BACKUP_OLD.found(hours=int(age.total_seconds() // 3600))
