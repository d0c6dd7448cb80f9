"""Nothing sealed can be changed unseen: neither in the file nor, past every trigger, in the database."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from firebreak.engine.journal import sealfile, seals
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.journal.verify import verify_database, verify_files
from tests.support.acts import START, note_many

Damage = Callable[..., int]


def sealed_journal(parts: int = 4, acts: int = 5) -> list[str]:
    heads = []
    for part in range(parts):
        note_many(acts, first=part * acts)
        heads.append(seals.seal(at=START + timedelta(hours=part)).head)
    return heads


def english(folder: Path, **options: str) -> list[str]:
    return [text.en for text in verify_database(folder, **options).faults]


def rewrite(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = sealfile.seal_file(folder)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def test_untouched_journal_is_sound(ledger: Path) -> None:
    heads = sealed_journal()
    verdict = verify_database(ledger)
    assert (verdict.faults, verdict.seals, verdict.acts, verdict.head) == ([], 4, 20, heads[-1])


def test_journal_without_seals_is_sound_and_says_so(ledger: Path) -> None:
    verdict = verify_files(ledger)
    assert (verdict.sound, [note.en for note in verdict.notes]) == (True, ["Nothing has been sealed yet."])


def test_acts_after_the_last_seal_are_told(ledger: Path) -> None:
    sealed_journal()
    note_many(3, first=50)
    verdict = verify_database(ledger)
    assert (verdict.sound, [note.en for note in verdict.notes]) == (True, ["The latest 3 acts are not sealed yet."])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_act SET name = 'other' WHERE id = %s",
        "UPDATE journal_act SET outcome = 'refused', refusal = 'x' WHERE id = %s",
        'UPDATE journal_event SET payload = \'{"count": 0, "words": "改"}\' WHERE act_id = %s',
        "UPDATE journal_event SET about = 'note:other' WHERE act_id = %s",
        "DELETE FROM journal_event WHERE act_id = %s",
        "INSERT INTO journal_event (act_id, type, about, payload) VALUES (%s, 'Noted', 'x', '{}')",
    ],
)
def test_an_edited_act_is_named(committed_ledger: Path, damage: Damage, sql: str) -> None:
    sealed_journal()
    act = Act.objects.order_by("id")[7].id
    assert damage(sql, [act]) == 1
    assert english(committed_ledger) == [f"Act {act} is not what seal 2 sealed: it was changed."]


def test_a_changed_answer_is_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    act = Act.objects.get(key="key-6").id
    damage("UPDATE journal_answer SET result = '99' WHERE act_id = %s", [act])
    assert english(committed_ledger) == [f"Act {act} is not what seal 2 sealed: it was changed."]


def test_a_deleted_act_is_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    act = Act.objects.order_by("id")[7].id
    for table, column in (("event", "act_id"), ("answer", "act_id"), ("leaf", "act_id"), ("act", "id")):
        damage(f"DELETE FROM journal_{table} WHERE {column} = %s", [act])
    assert english(committed_ledger) == [
        f"Act {act} is in seal 2 but gone from the database.",
        "The list of seal 2 was changed in the database.",
    ]


def test_an_inserted_act_is_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    free = Act.objects.order_by("id")[7].id
    damage("DELETE FROM journal_event WHERE act_id = %s", [free])
    damage("DELETE FROM journal_answer WHERE act_id = %s", [free])
    damage("DELETE FROM journal_act WHERE id = %s", [free])
    damage("UPDATE journal_leaf SET act_id = %s WHERE act_id = %s", [free + 1_000, free])
    last = Act.objects.latest("id").id
    note_many(1, first=90)
    newest = Act.objects.latest("id").id
    damage("UPDATE journal_event SET act_id = %s WHERE act_id = %s", [free, newest])
    damage("UPDATE journal_answer SET act_id = %s WHERE act_id = %s", [free, newest])
    damage("UPDATE journal_act SET id = %s WHERE id = %s", [free, newest])
    assert english(committed_ledger)[0] == f"Act {free} is not what seal 2 sealed: it was changed."
    assert Act.objects.latest("id").id == last


def test_an_act_slipped_between_sealed_ones_is_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal(parts=1)
    gap = Act.objects.latest("id").id + 5
    damage(
        "INSERT INTO journal_act (id, name, by, at, received_at, outcome, refusal)"
        " SELECT %s, name, by, at, received_at, outcome, refusal FROM journal_act WHERE key = 'key-0'",
        [gap],
    )
    damage("UPDATE journal_act SET id = %s WHERE id = %s", [gap - 10, gap])
    first = Act.objects.earliest("id").id
    faults = english(committed_ledger)
    assert (first, faults) == (gap - 10, [f"Act {first} was slipped into the range of seal 1 afterwards."])


def test_two_swapped_acts_are_both_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    one, other = (Act.objects.order_by("id")[place].id for place in (6, 7))
    damage(
        "UPDATE journal_event SET act_id = CASE act_id WHEN %s THEN %s ELSE %s END WHERE act_id IN (%s, %s)",
        [one, other, one, one, other],
    )
    assert english(committed_ledger) == [
        f"Act {act} is not what seal 2 sealed: it was changed." for act in (one, other)
    ]


def test_a_tail_cut_from_the_database_is_named(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    floor = sealfile.decoded([raw for _, raw in sealfile.lines(committed_ledger)][1]).position
    for table, column in (("leaf", "act_id"), ("event", "act_id"), ("answer", "act_id"), ("act", "id")):
        damage(f"DELETE FROM journal_{table} WHERE {column} > %s", [floor])
    damage("DELETE FROM journal_seal WHERE number > 2")
    faults = english(committed_ledger)
    assert faults[0] == f"Act {floor + 1} is in seal 3 but gone from the database."
    assert faults[-2:] == [f"Seal {number} is in the file but not in the database." for number in (3, 4)]


def test_a_tail_cut_from_the_file_is_named(committed_ledger: Path) -> None:
    sealed_journal()
    rewrite(committed_ledger, lambda lines: lines[:2])
    assert english(committed_ledger) == [
        f"The database has seal {number} but the file does not: the file was cut." for number in (3, 4)
    ]


def test_a_chain_rewritten_on_both_sides_is_found_by_a_printed_head(committed_ledger: Path, damage: Damage) -> None:
    printed = sealed_journal()[-1]
    floor = sealfile.decoded([raw for _, raw in sealfile.lines(committed_ledger)][1]).position
    for table, column in (("leaf", "act_id"), ("event", "act_id"), ("answer", "act_id"), ("act", "id")):
        damage(f"DELETE FROM journal_{table} WHERE {column} > %s", [floor])
    damage("DELETE FROM journal_seal WHERE number > 2")
    rewrite(committed_ledger, lambda lines: lines[:2])
    assert verify_database(committed_ledger).sound
    assert english(committed_ledger, head=printed[:16]) == [
        f"The printed head {printed[:16]} is not in the chain: seals were cut off or rewritten."
    ]


def test_a_printed_head_on_the_chain_is_accepted(ledger: Path) -> None:
    for head in sealed_journal():
        assert verify_files(ledger, head=head[:8].upper()).sound


def test_a_crash_after_the_file_line_is_no_fault(committed_ledger: Path, damage: Damage) -> None:
    sealed_journal()
    damage("DELETE FROM journal_leaf WHERE seal_id = 4")
    damage("DELETE FROM journal_seal WHERE number = 4")
    verdict = verify_database(committed_ledger)
    assert (verdict.faults, [note.en for note in verdict.notes]) == (
        [],
        ["Seal 4 is in the file and not yet in the database (a crash); the next seal enters it."],
    )


@pytest.mark.parametrize("seed", range(40))
def test_any_changed_byte_of_the_file_is_found(ledger: Path, seed: int) -> None:
    sealed_journal()
    chance = random.Random(seed)

    def flip(lines: list[bytes]) -> list[bytes]:
        raw = bytearray(b"".join(lines))
        place = chance.randrange(len(raw) - 1)
        raw[place] ^= 1 << chance.randrange(7)
        return [bytes(raw)]

    rewrite(ledger, flip)
    assert not verify_files(ledger).sound


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:1] + lines[2:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines, lines[-1]],
    ],
    ids=["head-cut", "middle-cut", "swapped", "doubled"],
)
def test_moved_lines_of_the_file_are_found(ledger: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    sealed_journal()
    rewrite(ledger, change)
    assert not verify_files(ledger).sound


@pytest.mark.slow
def test_random_damage_by_the_owner_of_the_database_is_always_found(committed_ledger: Path, damage: Damage) -> None:
    """Sixty seeded edits, deletions, insertions and swaps, each mended again before the next."""
    sealed_journal(parts=5, acts=8)
    chance = random.Random(20220605)
    ids = list(Act.objects.order_by("id").values_list("id", flat=True))
    for _ in range(60):
        act = chance.choice(ids)
        _DAMAGES[chance.randrange(len(_DAMAGES))](damage, act, chance.choice(ids))
        assert not verify_database(committed_ledger).sound
        _mend(damage)
        assert verify_database(committed_ledger).sound


_kept: list[tuple[str, tuple[object, ...]]] = []


def _edit(damage: Damage, act: int, _: int) -> None:
    name = Act.objects.get(id=act).name
    _kept.append(("UPDATE journal_act SET name = %s WHERE id = %s", (name, act)))
    damage("UPDATE journal_act SET name = %s WHERE id = %s", ["forged", act])


def _backdate(damage: Damage, act: int, _: int) -> None:
    _kept.append(("UPDATE journal_act SET at = %s WHERE id = %s", (Act.objects.get(id=act).at, act)))
    damage("UPDATE journal_act SET at = %s WHERE id = %s", [START - timedelta(days=1), act])


def _delete_event(damage: Damage, act: int, _: int) -> None:
    event = Event.objects.get(act_id=act)
    damage("DELETE FROM journal_event WHERE id = %s", [event.id])
    _kept.append(("", (event,)))


def _swap(damage: Damage, act: int, other: int) -> None:
    other = other if other != act else act + 1 if act + 1 <= Act.objects.latest("id").id else act - 1
    sql = "UPDATE journal_event SET act_id = CASE act_id WHEN %s THEN %s ELSE %s END WHERE act_id IN (%s, %s)"
    damage(sql, [act, other, act, act, other])
    _kept.append((sql, (act, other, act, act, other)))


_DAMAGES = [_edit, _backdate, _delete_event, _swap]


def _mend(damage: Damage) -> None:
    sql, values = _kept.pop()
    if sql:
        damage(sql, values)
    else:
        event = values[0]
        assert isinstance(event, Event)
        event.save(force_insert=True)
