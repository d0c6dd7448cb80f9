"""Residents for tests of pages and searches. Import inside a test or fixture: it needs Django."""

from datetime import date

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.identity import Sealer, about_id, about_phone, spell
from firebreak.engine.registry.models import Household, NeedFlag, Person, Presence


def resident(
    name: str, building: Area, *, token: str, number: str = "", phone: str = "", door: str = "302",
    needs: tuple[str, ...] = (), kind: str = "lives", household: Household | None = None,
) -> Person:
    """One person as the register keeps them, present in a building."""
    ref, sealer = f"person:{token}", Sealer()
    pinyin, initials = spell(name)
    person = Person.objects.create(
        ref=ref, name=name, pinyin=pinyin, initials=initials, sex=2, birth_on=date(1950, 3, 4),
        id_kind="resident" if number else "none", id_sealed=sealer.seal(number, about_id(ref)),
        id_hash=sealer.id_hash(number) if number else None, id_last4=number[-4:],
        phone_sealed=sealer.seal(phone, about_phone(ref)), phone_hash=sealer.phone_hash(phone), household=household,
    )
    Presence.objects.create(person=person, building=building, kind=kind, door=door, begins_on=date(2020, 1, 1))
    NeedFlag.objects.bulk_create([NeedFlag(person=person, key=need) for need in needs])
    return person


def household(building: Area, *, key: str = "h1", door: str = "302") -> Household:
    """A door with people behind it."""
    return Household.objects.create(ref=f"household:{key}", building=building, door=door)
