"""Judgements of activation. Pure: values in, nothing or a refusal out."""

from datetime import datetime
from zoneinfo import ZoneInfo

from firebreak.command.activation.plan import ActivationSection, Classification, SignalKind
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NO_PLAN = RefusalKind(
    "no-plan",
    T("还没有采用任何预案。没有登记,请先采用预案。", "No plan has been adopted. Nothing was written; adopt one first."),
)
UNKNOWN_PLAN = RefusalKind(
    "unknown-plan",
    T("没有采用过“{plan}”这份预案。没有改动。", "No plan '{plan}' has been adopted. Nothing was changed."),
)
UNKNOWN_KIND = RefusalKind(
    "unknown-signal-kind",
    T("预案里没有“{kind}”这类预警。没有登记。", "The plan knows no signal of kind '{kind}'. Nothing was written."),
)
UNKNOWN_CLASSIFICATION = RefusalKind(
    "unknown-classification",
    T("预案里没有“{key}”这个分类。没有改动。", "The plan knows no classification '{key}'. Nothing was changed."),
)
CHANGE_NOT_ALLOWED = RefusalKind(
    "change-not-allowed",
    T(
        "预案不允许从“{before}”改为“{after}”。没有改动。",
        "The plan does not let '{before}' become '{after}'. Nothing was changed.",
    ),
)
STATUS_MISMATCH = RefusalKind(
    "status-mismatch",
    T(
        "分类“{after}”在预案里属于“{status}”。没有改动。",
        "In the plan the classification '{after}' means '{status}'. Nothing was changed.",
    ),
)
REASON_MISSING = RefusalKind("reason-missing", T("请写明原因。没有改动。", "Write the reason. Nothing was changed."))
SIGNAL_OVERTURNED = RefusalKind(
    "signal-overturned",
    T("这条预警已排除,不能据此启动。没有改动。", "This signal was overturned and opens nothing. Nothing was changed."),
)
NOT_ENOUGH = RefusalKind(
    "signal-not-enough",
    T(
        "“{kind}”要先核定,才能启动。没有改动。",
        "A signal of kind '{kind}' must be confirmed before it opens a response. Nothing was changed.",
    ),
)
ALREADY_ACTIVE = RefusalKind(
    "already-active",
    T(
        "“{name}”正在进行,不能再启动一次。没有改动。",
        "'{name}' is under way; it cannot be activated again. Nothing was changed.",
    ),
)
NO_RESPONSE = RefusalKind(
    "no-response",
    T("没有启动中的应急响应。没有改动;请先启动预案。", "No response is active. Nothing was changed; activate a plan first."),
)
NOT_A_DISTRICT = RefusalKind(
    "not-a-district",
    T(
        "预案要在整个辖区启动,“{area}”不是辖区,或辖区下没有社区。没有改动。",
        "A plan is activated over a district; '{area}' is none, or has no communities. Nothing was changed.",
    ),
)


def signal_kind(section: ActivationSection, key: str) -> SignalKind:
    """A kind of signal of the plan. Errors: refuses `unknown-signal-kind`."""
    for kind in section.signal_kinds:
        if kind.key == key:
            return kind
    raise UNKNOWN_KIND.because(kind=key)


def classification(section: ActivationSection, key: str) -> Classification:
    """A classification of the plan. Errors: refuses `unknown-classification`."""
    for one in section.classifications:
        if one.key == key:
            return one
    raise UNKNOWN_CLASSIFICATION.because(key=key)


def check_change(section: ActivationSection, before: str, after: str, status: str) -> Classification:
    """The new classification, when the plan lets the old one become it and it means `status`."""
    old, new = classification(section, before), classification(section, after)
    if new.key not in old.may_become:
        raise CHANGE_NOT_ALLOWED.because(before=old.name, after=new.name)
    if new.status != status:
        raise STATUS_MISMATCH.because(after=new.name, status=new.status)
    return new


def check_opens(section: ActivationSection, kind: str, status: str) -> None:
    """Refuse when a signal of this kind and status opens nothing."""
    if status == "overturned":
        raise SIGNAL_OVERTURNED.because()
    found = signal_kind(section, kind)
    if status == "suspected" and not found.suffices.value:
        raise NOT_ENOUGH.because(kind=found.name)


def sole_minutes(section: ActivationSection, at: datetime, zone: ZoneInfo) -> int | None:
    """Minutes for the second person when one may go ahead alone at this moment; None when two must agree first.

    Where the plan asks for one person only, somebody still looks at it: by the time of its review.
    """
    if section.who.people_to_confirm.value == 1:
        return 60 * section.review_after_hours.value
    night = section.who.night
    if night is not None and night.covers(at.astimezone(zone).time()):
        return night.second_within_minutes.value
    return None
