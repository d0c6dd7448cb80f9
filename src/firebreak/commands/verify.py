"""`firebreak verify`: does the journal still say what was sealed?"""

import sys
from pathlib import Path

import click

from firebreak.commands import bar, open_ledger, say
from firebreak.engine.journal.verify import Verdict, verify_database, verify_files
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

_SOUND = T(
    "封存完好:{seals} 次封存,{acts} 条凭证,到第 {position} 条。链头 {head}",
    "The seals hold: {seals} seals, {acts} acts, up to act {position}. Head {head}",
)
_BROKEN = T("封存不符,共 {count} 处。第一处:{first}", "The seals do not hold, {count} faults. The first: {first}")


@click.command("verify")
@click.option("--database", is_flag=True, help="Compare the rows of the database with the file as well.")
@click.option("--head", default="", metavar="HEX", help="A head printed on a report; at least 8 characters.")
@click.option("--folder", type=click.Path(path_type=Path), help="Data folder; default: FIREBREAK_DATA.")
def command(database: bool, head: str, folder: Path | None) -> None:
    """Check the seals of the journal. Without --database it reads the file alone."""
    folder = folder or data_folder()
    if database:
        open_ledger()
        from firebreak.upkeep.starting import ready_ledger

        ready_ledger()
    with bar(T("核对封存", "Checking seals")) as progress:
        verdict = (verify_database if database else verify_files)(folder, head=head, progress=progress)
    tell(verdict)
    if not verdict.sound or (database and _captured_events_changed()):
        sys.exit(1)


def _captured_events_changed() -> bool:
    """Compare every captured event with the digest its batch left in the sealed journal; says what differs."""
    from firebreak.engine.capture.ledger import changed_batches
    from firebreak.kernel import clock
    from firebreak.kernel.cutoff import Cutoff

    changed = changed_batches(Cutoff(clock.now()))
    for row in changed[:20]:
        say(T(f"{row.text.zh}({row.about})", f"{row.text.en} ({row.about})"), error=True)
    return bool(changed)


def tell(verdict: Verdict) -> None:
    """Print the verdict: one line when sound, else the faults."""
    for note in verdict.notes:
        say(note)
    if verdict.broken is None:
        fields = ("seals", "acts", "position", "head")
        say(_SOUND.filled(**{name: getattr(verdict, name) for name in fields}))
        return
    say(_BROKEN.filled(count=verdict.fault_count, first=verdict.broken), error=True)
    for fault in verdict.faults[1:20]:
        say(fault, error=True)
