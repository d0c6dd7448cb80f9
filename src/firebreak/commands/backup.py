"""`firebreak backup`: a copy that can be restored elsewhere."""

from pathlib import Path

import click

from firebreak.commands import bar, open_ledger, say, say_both
from firebreak.kernel.text import T

_MADE = T("已备份到 {path}:{size} MB,链头 {head}", "Backed up to {path}: {size} MB, head {head}")
_NO_KEYS = T(
    "钥匙没有放进这份备份。请另存数据文件夹里的 keys/,或加 --passphrase-file 重做。",
    "The keys are not in this backup. Copy keys/ of the data folder elsewhere, or repeat with --passphrase-file.",
)
_NEXT = T(
    "没有恢复过的备份不算备份。请在另一台机器上试:firebreak restore {path}",
    "A backup that was never restored counts as none. Try it on another machine: firebreak restore {path}",
)


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Put the keys in, under the passphrase in this file.")  # fmt: skip
def command(folder: Path, passphrase_file: Path | None) -> None:
    """Back up database, seals and (with a passphrase) keys into a new folder below FOLDER, while work goes on."""
    open_ledger()
    from firebreak.upkeep.backup import make_backup
    from firebreak.upkeep.starting import ready_ledger

    ready_ledger()
    passphrase = passphrase_file.read_text("utf-8").strip() if passphrase_file else None
    with bar(T("备份", "Backing up")) as progress:
        made = make_backup(folder, passphrase=passphrase, progress=progress)
    say(_MADE.filled(path=made.path, size=round(made.bytes / 1e6, 1), head=made.head))
    if not made.with_keys:
        say_both(_NO_KEYS)
    say(_NEXT.filled(path=made.path))
