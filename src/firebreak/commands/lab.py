"""`firebreak lab`: what a laboratory runs on its own machine: make its key once, sign each file. No ledger is opened."""

import os
import sys
from pathlib import Path

import click

from firebreak.commands import say
from firebreak.kernel.files import replace_text
from firebreak.kernel.signing import new_key, sign_with
from firebreak.kernel.text import T

_KEPT = T(
    "密钥已存 {path}(只有本机构可读,不要外传)。公钥交给指挥部:",
    "The key is in {path}; keep it to yourselves. Public key, for headquarters:",
)
_IN_THE_WAY = T("{path} 已存在,没有改动。", "{path} is there already; nothing was changed.")
_BAD_KEY = T("{path} 不是密钥,没有签名。", "{path} is no key; nothing was signed.")
_SIGNED = T("签名已写入 {path}", "The signature is in {path}")


@click.group()
def command() -> None:
    """A laboratory's key and signatures; needs no database."""


command.name = "lab"


@command.command("key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default=Path("laboratory.key"))
def key(path: Path) -> None:
    """Make the laboratory's key; prints the public one."""
    if path.exists():
        say(_IN_THE_WAY.filled(path=path), error=True)
        sys.exit(1)
    secret, public = new_key()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as kept:
        kept.write(secret + "\n")
    say(_KEPT.filled(path=path))
    click.echo(public)


@command.command("sign")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=Path("laboratory.key"))
def sign(file: Path, path: Path) -> None:
    """Sign a file of results; writes FILE.sig beside it."""
    try:
        made = sign_with(path.read_text("ascii").strip(), file.read_bytes())
    except ValueError:
        say(_BAD_KEY.filled(path=path), error=True)
        sys.exit(1)
    beside = file.with_name(file.name + ".sig")
    replace_text(beside, made + "\n")
    say(_SIGNED.filled(path=beside))
    click.echo(made)
