"""`firebreak up`: serve this installation."""

import sys
from pathlib import Path

import click

from firebreak.commands import open_ledger, say, say_both
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

_STARTING = T("正在启动……", "Starting …")
_OPEN = T("请打开 {url}", "Open {url}")
_LAN = T(
    "手机第一次连接前,请安装并信任 {authority}(指纹 SHA-256 {fingerprint})。",
    "Before a phone's first visit install and trust {authority} (fingerprint SHA-256 {fingerprint}).",
)
_NO_NETWORK = T(
    "没有找到局域网地址。请先接入网络,或用 --host 写明。",
    "No address on a network was found. Connect first, or name one with --host.",
)
_CODES = T("演练角色(每个链接只能用一次):", "Roles of the drill (each link works once):")
_STOP = T("停止:按 Ctrl-C。", "Stop with Ctrl-C.")
_PAIR = T("--certificate 和 --key 要一起给。", "Give --certificate and --key together.")


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--lan", is_flag=True, help="Serve this network over https with a certificate made here.")
@click.option("--certificate", type=click.Path(exists=True, path_type=Path), help="PEM file for https.")
@click.option("--key", type=click.Path(exists=True, path_type=Path), help="Its key (PKCS#8).")
@click.option("--workers", default=1, show_default=True, help="Page processes; more than 1 only with PostgreSQL.")
@click.option("--no-work", is_flag=True, help="Do not start the work loop beside the pages.")
def command(
    host: str, port: int, lan: bool, certificate: Path | None, key: Path | None, workers: int, no_work: bool
) -> None:
    """Serve pages, sync and the work loop on one port until Ctrl-C. Refuses an unsafe start and says the mend."""
    from firebreak.upkeep.certificates import certificates_for, lan_addresses
    from firebreak.upkeep.serving import Address, serve

    if bool(certificate) != bool(key):
        say_both(_PAIR, error=True)
        sys.exit(2)
    address = Address(host, port, certificate, key)
    if lan:
        names = lan_addresses() if host in ("127.0.0.1", "0.0.0.0") else [host]  # noqa: S104  served with https only
        if not names:
            say_both(_NO_NETWORK, error=True)
            sys.exit(1)
        made = certificates_for(data_folder() / "tls", names)
        address = Address("0.0.0.0", port, made.certificate, made.key, tuple(names))  # noqa: S104  as above
    open_ledger()
    from django.conf import settings

    from firebreak.upkeep.starting import start_checks

    start_checks(address.host, port, encrypted=address.encrypted)
    say(_STARTING)

    def ready() -> None:
        say(_OPEN.filled(url=address.url))
        if lan:
            say_both(_LAN.filled(authority=made.authority, fingerprint=made.fingerprint))
            if settings.FIREBREAK_DRILL:
                _print_role_codes(address.url)
        say(_STOP)

    from django.db import connection

    on_sqlite = connection.vendor == "sqlite"
    connection.close()
    sys.exit(serve(address, ready, workers=1 if on_sqlite else workers, with_work=not no_work))


def _print_role_codes(url: str) -> None:
    """One link for each role; whoever opens it first has it."""
    from firebreak.engine.access.role_codes import make_codes
    from firebreak.engine.access.roles import ROLES

    say(_CODES)
    codes = make_codes(data_folder(), [role.key for role in ROLES])
    for role in ROLES:
        link = f"{url}demo/as/{role.key}?code={codes[role.key]}"
        say(T(f"  {role.name.zh} {link}", f"  {role.name.en} {link}"))
