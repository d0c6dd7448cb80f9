"""The checks before the program starts: it refuses, with the mend, rather than run over a problem."""

from collections.abc import Iterator

from firebreak.engine.journal.models import Installation
from firebreak.kernel import folder
from firebreak.kernel.place import data_folder
from firebreak.upkeep.database_checks import content_findings, database_findings, structure_findings
from firebreak.upkeep.findings import NOT_READY, Finding, refuse_grave
from firebreak.upkeep.folder_checks import NOT_SET_UP, folder_findings, machine_findings, network_findings


def installation_findings() -> Iterator[Finding]:
    """Everything about machine, folder, database and contents; contents only when the rest is not grave."""
    found = [*machine_findings(), *folder_findings()]
    yield from found
    if not data_folder().exists():
        return
    structure = list(database_findings())
    yield from structure
    if not any(finding.grave for finding in [*found, *structure]):
        yield from content_findings()


def start_checks(host: str, port: int, *, encrypted: bool) -> None:
    """Refuse `unsafe-start` when serving would endanger what is written or whoever uses it."""
    refuse_grave(network_findings(host, port, encrypted=encrypted))
    refuse_grave(installation_findings())
    enter_installation()


def ready_ledger() -> None:
    """Refuse `not-ready` when there are no tables to read. For commands that look for damage: never because of it."""
    refuse_grave(_set_up(), NOT_READY)
    refuse_grave(structure_findings(), NOT_READY)


def _set_up() -> Iterator[Finding]:
    if not data_folder().exists():
        yield NOT_SET_UP.found(path=data_folder())


def enter_installation() -> None:
    """Tie a new database to this data folder by its one row; an old one stays as it is."""
    described = folder.read(data_folder())
    if described and not Installation.objects.exists():
        Installation.objects.create(folder=described["folder"], kind=described["kind"])
