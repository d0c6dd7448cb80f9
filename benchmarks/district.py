"""An invented district for measurements: areas, people, sites, one unit with posts, one phone; planted by raw SQL.

Nobody in it exists. Planting is not measured.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

AT = datetime(2022, 6, 5, 6, tzinfo=UTC)
TOKEN = "benchmark"
RESPONSE = "response:benchmark"


def start_django(drill: bool = False) -> None:
    """Set up the data folder named by FIREBREAK_DATA, its database and Django."""
    import django

    from firebreak.kernel import folder
    from firebreak.kernel.place import data_folder

    if folder.read(data_folder()) is None:
        folder.create(data_folder(), kind="real", time_zone="Asia/Shanghai")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firebreak.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@dataclass
class District:
    """What was planted: keys of buildings and people, the phone's key."""

    buildings: list[int]
    people: list[int]
    refs: list[str]
    device: int


def plant(people: int, buildings: int) -> District:
    """A district with this many people in this many buildings (20 a grid, 5 grids a community)."""
    from firebreak.engine import bulk
    from firebreak.engine.journal.models import Act

    act = Act.objects.create(name="benchmark.plant", by="system:benchmark", at=AT, received_at=AT, outcome="done")
    houses = _plant_areas(buildings)
    keys = list(bulk.next_ids("registry_person", people))
    refs = [f"person:{number:012d}" for number in range(people)]
    bulk.insert(
        "registry_person",
        ("id", "ref", "name", "pinyin", "initials", "sex", "id_kind", "id_last4", "phone_hash", "twin_key"),
        [(key, ref, f"测{key}", "", "", 0, "none", "", "", "") for key, ref in zip(keys, refs, strict=True)],
    )
    homes = [houses[number * len(houses) // people] for number in range(people)]
    moment = bulk.moment(AT)
    bulk.insert(
        "registry_presencechange",
        ("person_id", "building_id", "kind", "change", "reason", "happened_at", "act_id"),
        [(key, home, "lives", 1, "import", moment, act.pk) for key, home in zip(keys, homes, strict=True)],
    )
    bulk.insert(
        "registry_presence", ("person_id", "building_id", "kind", "door"),
        [(key, home, "lives", "1") for key, home in zip(keys, homes, strict=True)],
    )
    return District(houses, keys, refs, _plant_staff())


def _plant_areas(buildings: int) -> list[int]:
    from firebreak.engine.areas.models import Area

    def add(level: str, parents: list[Any], count: int) -> list[Any]:
        rows = []
        for number in range(count):
            parent = parents[number * len(parents) // count] if parents else None
            code = f"{level[0].upper()}{number}"
            rows.append(Area(
                code=code, path=f"{parent.path if parent else '/'}{code}/", level=level, parent=parent, name_zh=code,
                lon=118 + number / 1e5, lat=24 + number / 1e5,
            ))
        Area.objects.bulk_create(rows, batch_size=5000)
        return rows

    top = add("district", [], 1)
    communities = add("community", top, max(1, buildings // 100))
    grids = add("grid", communities, max(1, buildings // 20))
    return [row.pk for row in add("building", grids, buildings)]


def _plant_staff() -> int:
    from firebreak.engine.access.models import Account, Grant
    from firebreak.engine.areas.models import Area
    from firebreak.engine.capture.actions import token_hash
    from firebreak.engine.capture.models import Device
    from firebreak.engine.units.actions import NewPost, NewUnit, fill_posts_from_roster, form_units, open_posts
    from firebreak.engine.units.models import Member
    from firebreak.kernel.refs import Ref
    from firebreak.kernel.text import T
    from firebreak.operations.rounds.actions import SiteRow, add_sites

    by = everybody()
    Member.objects.create(ref="member:1", name="甲", roster_post="lead", roster_role="holder")
    Member.objects.create(ref="member:2", name="乙", roster_post="grid", roster_role="holder")
    words = T("指挥部", "Headquarters")
    response = Ref(RESPONSE)
    form_units(response=response, units=[NewUnit("hq", "", "headquarters", words, words)], by=by, at=AT)
    posts = [
        NewPost("lead", "hq", "command", words, ("D0",), True, 30, 1),
        NewPost("grid", "hq", "grid", words, ("D0",), False, 30, 1),
    ]
    open_posts(response=response, posts=posts, by=by, at=AT)
    fill_posts_from_roster(response=response, by=by, at=AT)
    add_sites(rows=[SiteRow("S0", T("点", "Site"), "C0", 118.0, 24.0, 4)], by=by, at=AT)
    account = Account.objects.create(ref="account:phone", username="phone", name="phone", created_at=AT)
    Grant.objects.create(account=account, role="site_lead", area=Area.objects.get(code="D0"), begins_at=AT)
    device = Device.objects.create(
        ref="device:1", label="D1", account_ref=account.ref, token_hash=token_hash(TOKEN), enrolled_at=AT
    )
    return device.pk


def everybody() -> Any:
    """An actor with every right."""
    from firebreak.kernel.actor import SystemActor
    from firebreak.kernel.permissions import catalogue

    return SystemActor("benchmark", frozenset(catalogue()))


def open_round(number: int) -> tuple[int, str]:
    """Open the next round over the district, after cancelling the one before; answers (key, ref)."""
    from firebreak.engine.plans.loader import load_pack
    from firebreak.kernel.refs import Ref
    from firebreak.operations.rounds.actions import open_round as opening
    from firebreak.operations.rounds.models import Round
    from firebreak.operations.rounds.plan import RoundsSection

    Round.objects.filter(status="open").update(status="cancelled", closed_at=AT)
    plan = load_pack(Path(__file__).parents[1] / "plans" / "covid-2022").section(RoundsSection)
    at = AT + timedelta(hours=1)
    ref = opening(
        response=Ref(RESPONSE), area_code="D0", plan=plan, number=number, due_at=at + timedelta(hours=24),
        by=everybody(), at=at,
    )
    return Round.objects.get(ref=ref).pk, ref


def event(key: UUID, seq: int, previous: str, at: datetime, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """One event of the phone."""
    return {
        "id": str(key), "seq": seq, "prev": previous, "type": kind, "at": at.isoformat().replace("+00:00", "Z"),
        "boot": "boot-1", "mono_ms": 0, "server_seen": None, "actor": "", "body": body,
    }


def canonical(made: dict[str, Any]) -> bytes:
    """The bytes over which ids are told apart."""
    return json.dumps(made, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(made: dict[str, Any]) -> str:
    """What the next event's `prev` says."""
    return sha256(canonical(made)).hexdigest()
