"""The roles, as data: what each is called, what it may do, and how its sessions are kept.

Roles live in code so that nobody can invent one at run time; an account gets a role over an area, a unit and
a time by a grant. A role carries only the fields its work needs: names in full (`registry.read_personal`) and
phones (`registry.read_phone`) are rights of their own, numbers of papers are seen only by unmasking.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from firebreak.kernel.text import T

Station = Literal["headquarters", "field", "wall"]


@dataclass(frozen=True, slots=True)
class SessionRule:
    """How long a session lives: `idle` since the last page, `absolute` since sign-in; None = no idle limit."""

    idle: timedelta | None
    absolute: timedelta


PROOF_LASTS = timedelta(minutes=15)
"""How long a session need not prove again who sits there, before what touches many people's data (ASVS 7.5.3)."""

SESSION_RULES: dict[Station, SessionRule] = {
    "headquarters": SessionRule(timedelta(minutes=30), timedelta(hours=12)),
    "field": SessionRule(None, timedelta(hours=12)),
    "wall": SessionRule(None, timedelta(days=7)),
}


@dataclass(frozen=True, slots=True)
class Role:
    """One role. `rights` are permission keys; a second factor is asked at headquarters stations."""

    key: str
    name: T
    description: T
    station: Station
    rights: frozenset[str]
    administers: bool = False

    @property
    def second_factor(self) -> bool:
        """Whether nothing opens before a code from the person's phone."""
        return self.station == "headquarters"


_SEE_RESPONSE = (
    "areas.read units.read tasks.read messages.read zones.read rounds.read orders.read plans.read "
    "activation.read approvals.read reports.read figures.open hq.read wall.read journal.verify "
    "consultations.read closing.read inspections.read pictures.read musters.read duty.read weather.read calendar.read "
    "badges.check specimens.read results.read"
)
_COMMAND = (
    "registry.read tasks.assign plans.adopt zones.propose zones.approve rounds.open rounds.decide orders.issue "
    "signals.judge activation.propose activation.approve approvals.decide reports.render journal.read drill.play "
    "consultations.raise consultations.hold closing.propose closing.approve privacy.own releasing.attest inspections.draw "
    "musters.call musters.note duty.keep plans.amend plans.approve weather.note public.propose public.approve calendar.keep "
    "briefs.write briefs.approve results.confirm"
)


def _rights(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


ROLES: tuple[Role, ...] = (
    Role(
        "commander", T("总指挥", "Commander"),
        T(
            "对全部辖区负责:批准启动、分区和方案,下令,拍板。",
            "Answers for the whole area: approves activation, zones and plans, orders, decides.",
        ),
        "headquarters",
        _rights(_SEE_RESPONSE, _COMMAND),
    ),
    Role(
        "deputy_commander", T("副总指挥", "Deputy commander"),
        T(
            "总指挥不在时代行;与另一人共同批准。",
            "Stands in for the commander; approves together with another person.",
        ),
        "headquarters",
        _rights(_SEE_RESPONSE, _COMMAND),
    ),
    Role(
        "duty_officer", T("值班员", "Duty officer"),
        T(
            "接报、核实、提请启动,发通知,出日报。",
            "Takes and checks signals, proposes activation, sends notices, renders the report.",
        ),
        "headquarters",
        _rights(
            _SEE_RESPONSE, "registry.read tasks.assign messages.send units.write signals.take signals.judge",
            "activation.propose approvals.decide zones.propose rounds.open orders.issue reports.render capture.resolve",
            "journal.read drill.play consultations.raise consultations.hold closing.propose privacy.own releasing.attest",
            "inspections.draw musters.call musters.note duty.keep weather.note public.propose calendar.keep briefs.write",
        ),
    ),
    Role(
        "task_force_leader", T("专班组长", "Task-force leader"),
        T(
            "领一个专班:办指令,派人,报结。",
            "Leads one task force: works its orders, assigns people, reports the end.",
        ),
        "headquarters",
        _rights(
            _SEE_RESPONSE, "tasks.assign orders.work orders.issue units.write consultations.raise releasing.attest briefs.write",
            "inspections.draw inspections.check musters.call musters.note",
        ),
    ),
    Role(
        "testing_leader", T("检测专班组长", "Testing leader"),
        T("开轮次、管采样、追漏、关轮次。", "Opens rounds, runs sampling, chases the missing, closes rounds."),
        "headquarters",
        _rights(
            _SEE_RESPONSE, "tasks.assign orders.work orders.issue units.write registry.read registry.read_personal",
            "registry.read_phone registry.unmask registry.read_needs rounds.open rounds.record rounds.decide",
            "rounds.close rounds.print capture.enrol capture.resolve consultations.raise laboratories.write results.take",
            "results.confirm specimens.missing specimens.labels",
        ),
    ),
    Role(
        "community_leader", T("社区负责人", "Community leader"),
        T("对一个社区负责:底册、入户、追漏。", "Answers for one community: register, doors, the missing."),
        "field",
        _rights(
            "areas.read units.read tasks.read tasks.assign orders.read orders.work zones.read rounds.read",
            "rounds.record rounds.decide rounds.print registry.read registry.read_personal registry.read_phone",
            "registry.unmask registry.read_needs registry.write capture.send figures.open reports.read pictures.read",
            "badges.check specimens.carry",
        ),
    ),
    Role(
        "site_lead", T("采样点长", "Site lead"),
        T("管一个采样点:设备、采样管、当天清点。", "Runs one sampling site: devices, tubes, the count of the day."),
        "field",
        _rights(
            "areas.read tasks.read orders.read orders.work rounds.read rounds.record rounds.print registry.read",
            "registry.read_personal capture.send capture.enrol capture.resolve pictures.read badges.check specimens.carry",
            "specimens.read specimens.missing specimens.labels",
        ),
    ),
    Role(
        "sampler", T("采样员", "Sampler"),
        T("扫码、采样、封管。", "Scans, samples, seals tubes."),
        "field",
        _rights("areas.read rounds.read rounds.record capture.send badges.check specimens.carry"),
    ),
    Role(
        "grid_worker", T("网格员", "Grid worker"),
        T(
            "逐户敲门:记采样、外出、拒检、失联,补漏人。",
            "Knocks at each door: records who is away, refuses or cannot be found, adds the missed.",
        ),
        "field",
        _rights(
            "areas.read tasks.read orders.read rounds.read rounds.record rounds.print registry.read",
            "registry.read_personal registry.read_phone registry.read_needs capture.send badges.check specimens.carry",
        ),
    ),
    Role(
        "inspector", T("督导员", "Inspector"),
        T(
            "抽查现场、交办问题、复查销号;不检查自己单位的事。",
            "Looks at what was drawn, hands faults over, looks again and closes them; never at the work of an own unit.",
        ),
        "field",
        _rights(
            "areas.read units.read tasks.read orders.read zones.read rounds.read figures.open reports.read",
            "inspections.read inspections.draw inspections.check pictures.read specimens.read specimens.controls results.read",
        ),
    ),
    Role(
        "specimen_driver", T("标本转运员", "Specimen driver"),
        T("在采样点收袋,送到实验室,当面清点。", "Takes bags at the sites to the laboratory, counting with each side."),
        "field",
        _rights("areas.read rounds.read capture.send badges.check specimens.carry specimens.read"),
    ),
    Role(
        "laboratory_clerk", T("检测信息员", "Laboratory clerk"),
        T(
            "收检测机构的结果,手工录入;阳性须另一人复核。",
            "Takes in laboratories' results, types them; another person confirms positives.",
        ),
        "headquarters",
        _rights("areas.read rounds.read specimens.read results.take results.read"),
    ),
    Role(
        "register_clerk", T("底册管理员", "Register clerk"),
        T("导入、更正底册。", "Imports and corrects the register."),
        "headquarters",
        _rights(
            "areas.read areas.write registry.read registry.read_personal registry.read_phone registry.unmask",
            "registry.read_needs registry.write registry.merge registry.import closing.read privacy.own",
        ),
    ),
    Role(
        "auditor", T("审计员", "Auditor"),
        T(
            "验链、查账、查谁看过谁;不能改动任何东西。",
            "Verifies the journal, checks the books and who looked at whom; changes nothing.",
        ),
        "headquarters",
        _rights(_SEE_RESPONSE, "accounts.read journal.read looks.read registry.read ledgers.check"),
        administers=True,
    ),
    Role(
        "system_admin", T("系统管理员", "System administrator"),
        T(
            "开设账号、发邀请条、登记设备;不能授权,看不到居民资料。",
            "Opens accounts, prints slips, enrols devices; gives no rights and sees no residents.",
        ),
        "headquarters",
        _rights(
            "accounts.read accounts.write areas.read areas.write units.read plans.read messages.read capture.enrol",
        ),
        administers=True,
    ),
    Role(
        "security_admin", T("安全管理员", "Security administrator"),
        T(
            "授予、收回岗位权限;不能开账号,看不到居民资料。",
            "Gives and takes back roles; opens no accounts and sees no residents.",
        ),
        "headquarters",
        _rights("accounts.read grants.write areas.read units.read"),
        administers=True,
    ),
    Role(
        "wall", T("大屏", "Wall"),
        T("只看大屏上的合计数。", "Sees the totals on the wall and nothing else."),
        "wall",
        _rights("wall.read"),
    ),
)

BY_KEY: dict[str, Role] = {role.key: role for role in ROLES}


def role(key: str) -> Role:
    """The role of that key. Errors: `KeyError`."""
    return BY_KEY[key]
