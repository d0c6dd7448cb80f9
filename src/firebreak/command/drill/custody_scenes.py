"""The tubes' part of the story: drivers, two laboratories of which one skips tubes, a positive pool on 7 June, and its people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.drill.carrying import Way
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.devices import Phone, Said, envelope
from firebreak.command.drill.moments import june
from firebreak.command.drill.scenes import Scenes
from firebreak.command.drill.steps import Step
from firebreak.engine.access.models import Account
from firebreak.engine.capture.actions import enrol_device
from firebreak.engine.capture.envelope import envelope_of
from firebreak.engine.capture.intake import take_batch
from firebreak.engine.capture.models import Device
from firebreak.engine.tasks.actions import finish_task
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.badges import codes, good, issue_badges
from firebreak.engine.units.models import Unit
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.clock import iso
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.laboratory.actions import LaboratoryRow, enter_laboratory, plant_controls, take_message
from firebreak.operations.laboratory.cards import card_of
from firebreak.operations.laboratory.models import Laboratory, Pool, Specimen
from firebreak.operations.laboratory.results import Row
from firebreak.operations.laboratory.rights import PLANT_CONTROLS, TAKE_RESULTS
from firebreak.operations.laboratory.stages import Kind, Means, Stage
from firebreak.operations.rounds.models import Round, Scan

LEADER, INSPECTORS = "lead_testing", SystemActor("inspections", frozenset({PLANT_CONTROLS}))
CITY, PRIVATE = "CDC1", "LAB2"
NAMES = {CITY: T("市疾控检测中心", "City testing centre"), PRIVATE: T("海诚医学检验所", "Haicheng laboratory")}
TUBES_A_DAY = {CITY: 12_000, PRIVATE: 4_000}
TEST_TAKES, SKIPPED_IN = timedelta(hours=5), timedelta(minutes=40)
CONTROLS = 12
REPORTS = tuple(
    june(day, clock) for day in (6, 7, 8, 9) for clock in ("01:40", "05:10", "17:40", "21:40")
)
RETEST = "RETEST-1"


class CustodyScenes:
    """From the first bag to the last result."""

    def __init__(self, scenes: Scenes, cast: Cast, seed: int) -> None:
        self.scenes, self.cast, self.seed = scenes, cast, seed

    def steps(self) -> Iterator[Step]:
        """Laboratories and badges first, then reports around the clock and what follows the positive pool."""
        fixed = [
            (june(5, "20:40"), "enter laboratories", self._laboratories), (june(5, "22:30"), "badges of testing", self._badges),
            *((at, f"results {at:%d %H:%M}", self._results) for at in REPORTS),
            (june(7, "22:20"), "swab the pool alone", self._swab_alone),
            (june(8, "03:30"), "results of the pool", self._alone_told),
            (june(8, "09:00"), "blind controls", self._controls),
            (june(8, "18:20"), "close the laboratory that skips", self._close_private),
            *(
                (june(day, clock), f"see to what came {day} {clock}", self._see_to)
                for day, clock in ((7, "22:10"), (8, "06:30"), (8, "18:10"), (8, "23:10"), (9, "20:10"))
            ),
        ]
        for at, name, play in sorted(fixed, key=lambda one: one[0]):
            follows = partial(self._orders_since, at) if name.startswith("results") else None
            yield Step(at, name, partial(play, at), follows)

    def _orders_since(self, at: datetime) -> Iterator[Step]:
        """The orders the program issues of itself within the next quarter of an hour, at its next tick."""
        tick = at.replace(minute=at.minute // 15 * 15, second=0) + timedelta(minutes=15)
        yield Step(tick + timedelta(seconds=30), f"orders of {at:%d %H:%M}", lambda: None, partial(self.scenes.order_steps, tick))

    def _laboratories(self, at: datetime) -> None:
        district = self.scenes.founded.district.code
        for code in (CITY, PRIVATE):
            with_name = LaboratoryRow(code, NAMES[code], district, TUBES_A_DAY[code], higher=code == CITY)
            self.scenes.keyed(f"laboratory {code}", partial(enter_laboratory, row=with_name, by=self._leader(), at=at))

    def _badges(self, at: datetime) -> None:
        unit = Unit.objects.get(key="testing", dissolved_at=None)
        self.scenes.keyed("badges of testing", partial(
            issue_badges, unit=Ref(unit.ref), not_after=at + timedelta(days=6), by=self._leader(), at=at
        ))

    def _leader(self) -> Actor:
        return self.cast.actor(LEADER)

    def _results(self, at: datetime) -> None:
        """Each laboratory tells of what it has had long enough; the second one never opened a tube."""
        for laboratory in Laboratory.objects.order_by("id"):
            takes = SKIPPED_IN if laboratory.code == PRIVATE else TEST_TAKES
            rows = Specimen.objects.filter(laboratory=laboratory, stage=Stage.RECEIVED, since__lte=at - takes)
            self._tell(laboratory, list(rows.exclude(kind=Kind.SINGLE).order_by("code")), takes, at)

    def _tell(self, laboratory: Laboratory, rows: list[Specimen], takes: timedelta, at: datetime) -> None:
        positive = self._positive(rows) if laboratory.code == CITY else ""
        said = [
            Row(number, one.code, "阳性" if one.code == positive else "阴性", iso(one.since + takes))
            for number, one in enumerate(rows, start=1)
        ]
        if said:
            self._take(laboratory, said, f"{laboratory.code} {at:%d %H:%M}", at)

    def _take(self, laboratory: Laboratory, rows: list[Row], name: str, at: datetime) -> None:
        by = SystemActor(laboratory.code.lower(), frozenset({TAKE_RESULTS}))
        self.scenes.keyed(
            f"told {name}", partial(take_message, laboratory=Ref(laboratory.ref), rows=rows, digest=name, by=by, at=at)
        )

    def _positive(self, rows: list[Specimen]) -> str:
        """The first tube of round 2 that holds somebody of the index person's compound; once."""
        if Pool.objects.exists():
            return ""
        homes = self.scenes.index_compound().buildings
        inside = Scan.objects.filter(round__number=2, tube__specimen__in=[one.pk for one in rows])
        found = inside.filter(person__presences__building__code__in=homes).order_by("tube__code")
        return found.values_list("tube__code", flat=True).first() or ""

    def _swab_alone(self, at: datetime) -> None:
        """The squad goes from door to door: one person one tube; the driver brings them in at once."""
        pool, turn = Pool.objects.get(), Round.objects.get(number=2)
        account = "site-" + pool.tube.site.code.lower()
        phone, drivers = Phone(RETEST, account, self.seed), drivers_of()
        people = list(pool.people.order_by("id").values_list("person__ref", flat=True))
        tubes = [f"{RETEST}-{number:02d}" for number in range(1, len(people) + 1)]
        for number, (person, tube) in enumerate(zip(people, tubes, strict=True)):
            body = {"round": turn.ref, "tube": tube, "person": person}
            phone.log.append(Said(at - timedelta(minutes=3 * (len(people) - number)), "swab.single", body))
        handed = {"round": turn.ref, "codes": tubes, "taker": drivers[0][1], "expected": len(tubes)}
        phone.log.append(Said(at, "custody.handed", handed))
        self._send(phone, at)
        car = Phone("RETEST-CAR", drivers[0][0], self.seed)
        city = Laboratory.objects.get(code=CITY)
        car.log.append(Said(at + timedelta(minutes=25), "custody.handed", {**handed, "taker": card_of(city)}))
        self._send(car, at + timedelta(minutes=26))

    def _send(self, phone: Phone, at: datetime) -> None:
        account = self.cast.actor(phone.account)
        # Not under a key: what a keyed act answered is kept, and this one answers with a secret.
        if not Device.objects.filter(label=phone.label).exists():
            enrol_device(label=phone.label, account=Ref(account.ref), by=self.cast.actor(LEADER), at=at - timedelta(hours=1))
        device = Device.objects.get(label=phone.label)
        take_batch(device=device, envelope=envelope_of(envelope(phone.events())), by=account, at=at)

    def _alone_told(self, at: datetime) -> None:
        """One of them is positive, the others are not: a pool's result is nobody's."""
        city = Laboratory.objects.get(code=CITY)
        rows = list(Specimen.objects.filter(kind=Kind.SINGLE, stage=Stage.RECEIVED).order_by("code"))
        self._take(city, [
            Row(number, one.code, "阳性" if number == 1 else "阴性", iso(one.since + timedelta(hours=4)))
            for number, one in enumerate(rows, start=1)
        ], "the pool alone", at)

    def _controls(self, at: datetime) -> None:
        """Twelve blind positives go to the second laboratory in a bag of their own."""
        turn, account = Round.objects.get(number=3), drivers_of()[-1][0]
        tubes = [f"S00-9-3-{number:03d}" for number in range(1, CONTROLS + 1)]
        self.scenes.keyed("plant controls", partial(
            plant_controls, round=Ref(turn.ref), codes=tubes, expected=Means.POSITIVE, by=INSPECTORS, at=at
        ))
        phone = Phone("BLIND-1", account, self.seed)
        said = {"round": turn.ref, "bag": "BAG-BLIND-3-1", "tubes": tubes}
        private = Laboratory.objects.get(code=PRIVATE)
        phone.log += [
            Said(at + timedelta(minutes=20), "bag.packed", said),
            Said(at + timedelta(minutes=80), "custody.handed", {
                "round": turn.ref, "codes": ["BAG-BLIND-3-1"], "taker": card_of(private), "expected": CONTROLS,
            }),
        ]
        self._send(phone, at + timedelta(minutes=90))

    def _close_private(self, at: datetime) -> None:
        district = self.scenes.founded.district.code
        self.scenes.keyed("close the laboratory that skips", partial(
            enter_laboratory, row=LaboratoryRow(PRIVATE, NAMES[PRIVATE], district, 0), by=self._leader(), at=at
        ))

    def _see_to(self, at: datetime) -> None:
        """Whoever owns what positives and doubts have brought ends it."""
        kinds = ("propose-zone", "trace", "laboratory-doubt", "positive-inside", "results-changed")
        due = Task.objects.filter(kind__in=kinds, opened_at__lt=at).exclude(status=Task.Status.ENDED).select_related("owner")
        for task in due.order_by("id"):
            actor = task.owner.code if task.owner.code in self.cast.usernames else "commander"
            self.scenes.keyed(f"see to {task.ref}", partial(
                finish_task, task=Ref(task.ref), note="已处置。", by=self.cast.actor(actor), at=at
            ))


def drivers_of() -> tuple[tuple[str, str], ...]:
    """The drivers' accounts with the codes of their badges."""
    members = dict(Account.objects.filter(username__startswith="driver-").values_list("member_ref", "username"))
    badges = list(good(june(6, "00:00")).filter(service__member__ref__in=members))
    found = {members[badge.service.member.ref]: code for badge, code in zip(badges, codes(badges), strict=True)}
    return tuple(sorted(found.items()))


def way_of(number: int) -> Way:
    """Who carries the tubes of a round; the second laboratory is used until it is caught on 8 June."""
    drivers = drivers_of()
    counters = {row.code: card_of(row) for row in Laboratory.objects.order_by("id")}
    return Way(drivers, counters, june(8, "16:00") if number == 3 else None) if drivers and counters else Way()

