"""`firebreak restore`: a backup into an empty place, and the test whether it may be trusted."""

import sys
from pathlib import Path

import click

from firebreak.commands import bar, open_ledger, say, say_both
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

_GOOD = T("恢复完成,可以用:{path}", "Restored and fit for use: {path}")
_BAD = T(
    "恢复了文件,但上面有检查没有通过。不要用它工作;请试另一份备份。",
    "The files were restored, but a check above did not pass. Do not work with it; try another backup.",
)


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Opens the keys inside the backup.")  # fmt: skip
@click.option("--keys", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder with your copy of the keys.")  # fmt: skip
def command(backup: Path, passphrase_file: Path | None, keys: Path | None) -> None:
    """Restore BACKUP into the empty folder of FIREBREAK_DATA (and the empty database of DATABASE_URL) and test it."""
    from firebreak.upkeep.unpacking import read_manifest, unpacked

    manifest = read_manifest(backup)
    passphrase = passphrase_file.read_text("utf-8").strip() if passphrase_file else None
    with unpacked(backup, data_folder(), passphrase=passphrase, keys=keys):
        open_ledger()
        from firebreak.upkeep.restore import load_database, restore_test

        load_database(backup, manifest)
    passed = True
    with bar(T("核对封存", "Checking seals")) as progress:
        for check in restore_test(manifest, progress):
            say(T(f"{'✓' if check.passed else '✗'} {check.text.zh}", f"{'✓' if check.passed else '✗'} {check.text.en}"))
            passed = passed and check.passed
    if not passed:
        say_both(_BAD, error=True)
        sys.exit(1)
    say(_GOOD.filled(path=data_folder()))
