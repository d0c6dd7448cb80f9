"""`firebreak import`: bring a list of areas, buildings, people or a roster into the ledger."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from firebreak.commands import actor_of_user, bar, choose_language, open_ledger, say, say_both, warn_of_strange_posts
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T

if TYPE_CHECKING:
    from firebreak.engine.registry.importing.listing import Listing
    from firebreak.engine.registry.importing.mapping import Mapping
    from firebreak.engine.registry.importing.problems import Problem
    from firebreak.engine.registry.importing.sheet import Sheet

RIGHTS = frozenset({"registry.import", "areas.write", "units.write"})
_SHOWN = 20
_HOW = {
    "exact": T("列名", "header"), "near": T("相近列名(请核对)", "similar header (check)"),
    "values": T("内容(请核对)", "its values (check)"), "saved": T("已存的对应", "saved mapping"),
}
_READ = T(
    "{format}{encoding},表头在第 {header} 行,{rows:,} 行名单;"
    "另有标题 {title}、合计 {total}、重复表头 {repeated}、空行 {blank}。",
    "{format}{encoding}, header in row {header}, {rows:,} rows; also {title} title, {total} total, {repeated} repeated"
    " header and {blank} blank rows.",
)
_UNREAD = T("没有读的列:{names}。", "Columns not read: {names}.")
_GUESSED = T(
    "有 {n} 列是按相近列名或内容猜的。什么都没有写入。核对后加 --yes,或用 --map 写明。",
    "{n} columns were guessed by likeness. Nothing was written. Check them and add --yes, or state them with --map.",
)
_MAP_WRITTEN = T("列对应已写到 {path}。核对后再运行一次同样的命令。什么都没有导入。",
                 "The mapping was written to {path}. Check it and run the same command again. Nothing was imported.")
_MAP_BROKEN = T("读不懂列对应文件 {path}。什么都没有导入。它应当是 JSON。",
                "The mapping file {path} cannot be read. Nothing was imported. It should be JSON.")
_RESUMED = T("这个文件上次没有写完,接着写。", "This file was not finished last time; going on with it.")
_DONE = T("{rows:,} 行 = 接收 {accepted:,} + 退回 {rejected:,} + 重复 {duplicate:,}",
          "{rows:,} rows = accepted {accepted:,} + rejected {rejected:,} + duplicate {duplicate:,}")
_REHEARSED = T("试运行,没有写入:", "Dry run, nothing was written: ")
_RETURNED = T("退回的 {n:,} 行和原因在 {path}(含个人信息,改好后可再次导入)。",
              "The {n:,} rejected rows with reasons are in {path} (personal data; correct and import it again).")
_ROW = T("第 {number} 行:{reason}", "Row {number}: {reason}")
_MORE = T("……另有 {n:,} 行。", "… and {n:,} more.")


@click.command("import")
@click.argument("kind", type=click.Choice(["people", "areas", "buildings", "roster"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "map_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Column mapping (JSON). Written for you when the file does not exist yet.")
@click.option("--sheet", help="Worksheet of an XLSX; the first visible one otherwise.")
@click.option("--expected-count", type=int, help="How many rows the sender counts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--yes", is_flag=True, help="Accept guessed columns.")
@click.option("--as", "username", help="The account that answers for this import; the terminal otherwise.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path),
              help="Where rejected rows go; beside FILE otherwise.")
def command(
    kind: str, file: Path, map_file: Path | None, sheet: str | None, expected_count: int | None, dry_run: bool,
    yes: bool, username: str | None, errors: Path | None,
) -> None:
    """Import a CSV or XLSX. Safe to repeat: what is known stays as it is, what changed is written as a change."""
    choose_language()
    open_ledger()
    from firebreak.engine.registry.importing.listing import read_sheet

    try:
        by = actor_of_user(username, RIGHTS)
        saved = _saved_mapping(map_file)
        with bar(T("读文件", "Reading")):
            opened, mapping = read_sheet(kind, file, saved=saved, sheet=sheet, expected_count=expected_count)
        _show_reading(opened, mapping)
        if map_file is not None and saved is None:
            map_file.write_text(json.dumps(mapping.as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
            say(_MAP_WRITTEN.filled(path=map_file))
            return
        if mapping.guessed and not (dry_run or yes) and not _confirmed(len(mapping.guessed)):
            sys.exit(2)
        _bring_in(opened, mapping, file, by, dry_run, errors)
    except Refusal as refusal:
        say_both(refusal.text, error=True)
        sys.exit(1)


def _bring_in(opened: "Sheet", mapping: "Mapping", file: Path, by: Actor, dry_run: bool, errors: Path | None) -> None:
    from firebreak.engine.registry.importing import actions
    from firebreak.engine.registry.importing.listing import lay_out
    from firebreak.kernel.refs import Ref

    total = opened.counts["data"]
    half_done = None if dry_run else actions.resumable(mapping.kind, opened.sha256, mapping.as_json())
    if half_done is not None:
        say(_RESUMED)
        ref = Ref(half_done.ref)
    else:
        with bar(T("核对每一行", "Checking every row")) as progress:
            listing = lay_out(opened, mapping, name=file.name, by=by, progress=lambda rows: progress(rows, total))
        if dry_run:
            _rehearse(listing, file, by, errors)
            return
        ref = actions.stage_import(listing=listing, by=by, at=clock.now())
    with bar(T("写入底册", "Writing")) as progress:
        counts = actions.bring_in(file=ref, by=by, progress=lambda rows: progress(rows, total))
    if counts["rejected"]:
        _show_refused(actions.first_refused(ref, _SHOWN), counts["rejected"])
    say(_DONE.filled(**counts))
    if mapping.kind == "roster":
        warn_of_strange_posts()
    if counts["rejected"]:
        _write_returned(opened, actions.returned_rows(ref), _returned_path(file, errors))
        if not counts["accepted"] + counts["duplicate"]:
            sys.exit(1)


def _rehearse(listing: "Listing", file: Path, by: Actor, errors: Path | None) -> None:
    from firebreak.engine.registry.importing.actions import few_of_each, preview
    from firebreak.engine.registry.importing.returned import reason_of

    counts, refused = preview(listing, by=by, at=clock.now())
    shown = [
        (number, T(" ".join(item.zh for item in problems), " ".join(item.en for item in problems)))
        for number, problems in few_of_each(refused)[:_SHOWN]
    ]
    _show_refused(shown, len(refused))
    done = _DONE.filled(**{name: counts[name] for name in ("rows", "accepted", "rejected", "duplicate")})
    say(T(_REHEARSED.zh + done.zh, _REHEARSED.en + done.en))
    if refused:
        reasons: dict[int, Sequence[Problem]] = dict(refused)
        rows = ((row.cells, reason_of(reasons[row.number])) for row in listing.sheet.rows() if row.number in reasons)
        _write_returned(listing.sheet, rows, _returned_path(file, errors))


def _show_refused(shown: Sequence[tuple[int, T]], count: int) -> None:
    """The first rows that were refused for each reason."""
    for number, reason in shown:
        say(_ROW.filled(number=number, reason=reason))
    if count > len(shown):
        say(_MORE.filled(n=count - len(shown)))


def _write_returned(sheet: "Sheet", rows: Iterable[tuple[Sequence[str], str]], path: Path) -> None:
    from firebreak.engine.registry.importing.returned import write_returned

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w+b") as out:
        count = write_returned(out, sheet.as_json(), rows)
    say(_RETURNED.filled(n=count, path=path))


def _returned_path(file: Path, errors: Path | None) -> Path:
    return errors or file.with_name(f"{file.stem}.returned{file.suffix}")


def _show_reading(sheet: "Sheet", mapping: "Mapping") -> None:
    from firebreak.engine.registry.importing.kinds import KINDS

    counts: Counter[str] = sheet.counts
    say(_READ.filled(
        format=sheet.format.upper(), encoding=f" {sheet.encoding}" if sheet.encoding else "",
        header="、".join(map(str, sheet.header_rows)), rows=counts["data"], title=counts["title"],
        total=counts["total"], repeated=counts["repeated-header"], blank=counts["blank"],
    ))
    table = Table(str(T("字段", "field")), str(T("列", "column")), str(T("依据", "found by")))
    for item in KINDS[mapping.kind].fields:
        if item.key in mapping.columns:
            table.add_row(
                f"{item.label} ({item.key})", mapping.headers[mapping.columns[item.key]] or "-",
                str(_HOW[mapping.how[item.key]]),
            )
    Console(highlight=False).print(table)
    if mapping.unknown:
        say(_UNREAD.filled(names="、".join(header or f"#{index + 1}" for index, header in mapping.unknown)))
    for note in sheet.notes:
        say(note.text, error=note.question)


def _confirmed(guessed: int) -> bool:
    if sys.stdin.isatty():
        return click.confirm(str(T("这些对应正确吗?", "Is this mapping right?")))
    say_both(_GUESSED.filled(n=guessed), error=True)
    return False


def _saved_mapping(path: Path | None) -> dict[str, object] | None:
    if path is None or not path.exists():
        return None
    try:
        saved = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(saved, dict):
            raise ValueError
    except ValueError:
        raise Refusal("mapping-unreadable", _MAP_BROKEN.filled(path=path)) from None
    return saved
