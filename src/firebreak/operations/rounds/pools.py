"""Pool sizes: how many people share a tube in each building of a round, by the tier the building stands under."""

from collections import defaultdict
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds.events import PoolsFollowed
from firebreak.operations.rounds.models import Round, SiteDuty
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.recording import the_round
from firebreak.operations.rounds.rights import OPEN_ROUND
from firebreak.operations.zones.plan import ZonesSection
from firebreak.operations.zones.queries import tiers_at


def pools_at(response: str, plan: RoundsSection, zones: ZonesSection | None, at: datetime) -> dict[int, int]:
    """Building → people in one tube at a moment, where a tier says so. Two queries."""
    if zones is None:
        return {}
    tiers = tiers_at(response, Cutoff(at), zones.ranks)
    sizes = {tier: plan.pool_size(zones, tier=tier) for tier in set(tiers.values()) if tier}
    return {building: sizes[tier] for building, tier in tiers.items() if tier}


def out_of_date(rounds: list[Round], plan: RoundsSection, zones: ZonesSection, at: datetime) -> dict[str, dict[int, int]]:
    """Round → the buildings whose pool size no longer fits their tier, with the size that does. Three queries."""
    if not rounds:
        return {}
    pools, plain = pools_at(rounds[0].response_ref, plan, zones, at), plan.pool_size(zones)
    refs, changed = {row.pk: row.ref for row in rounds}, defaultdict[str, dict[int, int]](dict)
    duties = SiteDuty.objects.filter(round__in=rounds).values_list("round_id", "building_id", "pool_size")
    for row, building, size in duties.iterator():
        if (now := pools.get(building, plain)) != size:
            changed[refs[row]][building] = now
    return dict(changed)


@action
def follow_tiers(*, round: Ref, sizes: dict[int, int], by: Actor, at: datetime) -> int:
    """From now on so many people share a tube in these buildings; how many buildings.

    Who: whoever may open rounds.   Refuses: not-found.   Journals: PoolsFollowed.
    Promises: a tube in use keeps its members and takes nobody beyond a smaller size.
    """
    row = the_round(round)
    by.require(OPEN_ROUND, area=row.area.path)
    bulk.update(
        "rounds_siteduty", {"round_id": "bigint", "building_id": "bigint"}, {"pool_size": "smallint"},
        [(row.pk, building, size) for building, size in sorted(sizes.items())],
    )
    record(PoolsFollowed(len(sizes), sorted(set(sizes.values()))), about=row.ref)
    return len(sizes)
