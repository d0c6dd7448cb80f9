"""`firebreak init`: begin with one's own district."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import click

from firebreak.commands import open_ledger, say, say_both
from firebreak.kernel.folder import new_folder
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

_ASKED = {
    "name": T("区名(中文)", "Name of the district, in Chinese"),
    "code": T("区代码(字母数字,写进所有编号)", "Code of the district (letters and digits, part of every number)"),
    "admin": T("系统管理员的用户名(开账号)", "User name of the system administrator (opens accounts)"),
    "security": T("安全管理员的用户名(授权,须是另一个人)", "User name of the security administrator (another person)"),
}
_MISSING = T(
    "缺少 {option}。没有键盘时请在命令里写全。",
    "{option} is missing. Without a keyboard, give it on the command line.",
)
_NO_ZONE = T("没有这个时区:{zone}。例:Asia/Shanghai", "No such time zone: {zone}. Example: Asia/Shanghai")
_SAME_PERSON = T(
    "两名管理员必须是两个人:开账号的不能授权。", "The two must be different people: who opens accounts gives no rights."
)
_DONE = T(
    "已在 {path} 建好。下一步:firebreak import areas|buildings|people|roster 文件,然后 firebreak up",
    "Made in {path}. Next: firebreak import areas|buildings|people|roster FILE, then firebreak up",
)
_KEYS = T(
    "请现在把 {path} 里的钥匙另存一份到别处:丢了它们,证件号和电话谁也打不开。",
    "Copy the keys in {path} to another place now: without them nobody opens ids and phones again.",
)
_SLIP = T(
    "邀请条 · 用户名 {username} · 一次性邀请码 {code} · 在登录页“首次登录”填写",
    "Slip · user name {username} · single-use code {code} · enter it under 'First sign-in'",
)


@click.command("init")
@click.option("--name", help="Name of the district, in Chinese.")
@click.option("--name-en", default="", help="Its name in English.")
@click.option("--code", help="Code of the district.")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True)
@click.option("--admin", help="User name of the system administrator, who opens accounts.")
@click.option("--security", help="User name of the security administrator, who gives roles: another person.")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Holds the system administrator's password; without it a single-use slip is printed.")  # fmt: skip
def command(
    name: str | None,
    name_en: str,
    code: str | None,
    time_zone: str,
    admin: str | None,
    security: str | None,
    password_file: Path | None,
) -> None:
    """Begin with real data: keys, tables, your district and its first two administrators."""
    given = {"name": name, "code": code, "admin": admin, "security": security}
    answers = {option: value or _ask(option) for option, value in given.items()}
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        _stop(_NO_ZONE.filled(zone=time_zone))
    if time_zone not in available_timezones():
        _stop(_NO_ZONE.filled(zone=time_zone))
    if answers["admin"] == answers["security"]:
        _stop(_SAME_PERSON)
    path = data_folder()
    with new_folder(path, time_zone):
        open_ledger()
        password = password_file.read_text("utf-8").strip() if password_file else None
        codes = _begin(answers, name_en, password)
    for username, slip in codes.items():
        say_both(_SLIP.filled(username=username, code=slip))
    say(_KEYS.filled(path=path / "keys"))
    say(_DONE.filled(path=path))


def _begin(answers: dict[str, str], name_en: str, password: str | None) -> dict[str, str]:
    from firebreak.engine.areas.actions import AreaRow
    from firebreak.upkeep.beginning import Beginning, FirstPerson, begin

    district = AreaRow(code=answers["code"], level="district", name_zh=answers["name"], name_en=name_en)
    administrator = FirstPerson(answers["admin"], "系统管理员")
    security = FirstPerson(answers["security"], "安全管理员")
    return begin(Beginning(district, administrator, security, password))


def _ask(option: str) -> str:
    if not sys.stdin.isatty():
        _stop(_MISSING.filled(option=f"--{option}"))
    return str(click.prompt(str(_ASKED[option])))


def _stop(why: T) -> None:
    say_both(why, error=True)
    sys.exit(2)
