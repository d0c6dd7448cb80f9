"""Writes of plans: a checked pack is adopted. Nothing edits one afterwards."""

import json
from datetime import datetime

from firebreak.engine.journal.acting import action, record
from firebreak.engine.plans.events import PlanAdopted
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.rights import ADOPT_PLANS
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

AUTHORITY_MISSING = RefusalKind(
    "authority-missing",
    T(
        "请写明采用依据的文件或决定。没有改动。",
        "Name the document or decision by which the plan is adopted. Nothing was changed.",
    ),
)
ALREADY_ADOPTED = RefusalKind(
    "already-adopted",
    T(
        "这个版本的预案({hash})已经采用。没有改动。",
        "This version of the plan ({hash}) is adopted already. Nothing was changed.",
    ),
)


@action
def adopt_plan(*, pack: Pack, authority: str, by: Actor, at: datetime) -> Ref:
    """Adopt a checked plan pack, whole, under its content hash.

    Who: headquarters.   Refuses: authority-missing, already-adopted.
    Journals: PlanAdopted.   Promises: what was adopted can be read again for ever; its edition stays as it was.
    """
    by.require(ADOPT_PLANS)
    if not authority.strip():
        raise AUTHORITY_MISSING.because()
    if AdoptedPlan.objects.filter(content_hash=pack.hash).exists():
        raise ALREADY_ADOPTED.because(hash=pack.hash[:12])
    ref = make_ref("plan", pack.ref)
    AdoptedPlan.objects.create(
        ref=ref, pack=pack.meta.id, edition=pack.meta.edition, content_hash=pack.hash,
        content=json.loads(pack.as_json()), authority=authority, adopted_at=at,
    )
    record(PlanAdopted(pack.meta.id, pack.meta.edition, pack.hash, len(pack.unverified())), about=ref)
    return ref
