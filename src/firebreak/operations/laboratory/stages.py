"""Where a specimen is on its way, and what a result means."""

from django.db import models

from firebreak.kernel.text import T


class Stage(models.TextChoices):
    """A specimen's place on the way. A sealed tube nobody packed is still at its site and has no row yet."""

    PACKED = "packed"
    CARRIED = "carried"
    RECEIVED = "received"
    RESULTED = "resulted"
    MISSING = "missing"


class Kind(models.TextChoices):
    """What a specimen is."""

    POOL = "pool"
    SINGLE = "single"
    CONTROL = "control"


class Means(models.TextChoices):
    """What a laboratory's word means for those in the tube."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    WEAK = "weak"
    INVALID = "invalid"


AT_SITE = "site"
WORDS: dict[str, T] = {
    AT_SITE: T("在采样点", "at the site"), Stage.PACKED: T("已打包", "packed"), Stage.CARRIED: T("在途", "on the way"),
    Stage.RECEIVED: T("已到实验室", "at the laboratory"), Stage.RESULTED: T("有结果", "resulted"),
    Stage.MISSING: T("缺失", "missing"),
}
RESULT_WORDS: dict[str, T] = {
    Means.NEGATIVE: T("阴性", "negative"), Means.POSITIVE: T("阳性", "positive"),
    Means.WEAK: T("弱阳性(灰区)", "weak (grey zone)"), Means.INVALID: T("无效,须重采", "unusable, sample again"),
}
UNCLEAR = frozenset({Means.POSITIVE, Means.WEAK})
"""Results after which everybody in the tube is tested alone."""
