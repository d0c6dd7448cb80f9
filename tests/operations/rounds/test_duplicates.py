"""A person entered twice owes one swab: merging ends the other entry of a running round, undoing owes it again."""

from datetime import date, timedelta

import pytest

from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.registry.merging import look_for_duplicates
from firebreak.engine.registry.models import Person, PersonPair
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds.actions import open_tube
from firebreak.operations.rounds.duplicates import merge_people, undo_merge
from firebreak.operations.rounds.models import Entry
from tests.support.testing_round import OPENED, running_round

LATER = OPENED + timedelta(hours=1)


@pytest.mark.django_db
def test_a_merge_ends_the_folded_entry_and_its_undoing_owes_it_again() -> None:
    running = running_round(people=4, buildings=("A1-1", "B1-1"))
    first, second = running.people[:2]
    Person.objects.filter(ref__in=[first, second]).update(name="吴建国", pinyin="wujianguo", birth_on=date(1980, 3, 4))
    look_for_duplicates(by=running.by, at=LATER)
    pair = Ref(PersonPair.objects.get().ref)

    merge_people(pair=pair, keep=first, reason="同一人", by=running.by, at=LATER)
    states = dict(Entry.objects.values_list("person__ref", "state"))
    assert (states[first], states[second]) == ("to_do", "duplicate")
    assert all(balance.balanced for balance in balance_all(Cutoff(LATER)))

    undo_merge(pair=pair, reason="父子", by=running.by, at=LATER + timedelta(minutes=1))
    assert set(Entry.objects.values_list("state", flat=True)) == {"to_do"}
    assert all(balance.balanced for balance in balance_all(Cutoff(LATER + timedelta(minutes=1))))


@pytest.mark.django_db
def test_a_swab_of_the_folded_entry_stays_a_fact() -> None:
    running = running_round(people=2, buildings=("A1-1", "B1-1"))
    first, second = running.people
    open_tube(round=running.ref, code="T1", site="S-A", by=running.by, at=LATER)
    running.phone.scan("T1", second, LATER)
    running.phone.send(LATER)
    Person.objects.all().update(name="吴建国", pinyin="wujianguo", birth_on=date(1980, 3, 4))
    look_for_duplicates(by=running.by, at=LATER)
    merge_people(pair=Ref(PersonPair.objects.get().ref), keep=first, reason="同一人", by=running.by, at=LATER)
    assert Entry.objects.get(person__ref=second).state == "sampled"
