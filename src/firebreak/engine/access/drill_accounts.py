"""The accounts of an exercise: one holder for each role, made when somebody first takes the role's link.

Never called on real data; the caller checks the folder and the database.
"""

from datetime import datetime

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.models import Account
from firebreak.engine.access.rights import WRITE_ACCOUNTS, WRITE_GRANTS
from firebreak.engine.access.roles import role
from firebreak.engine.areas.models import Area
from firebreak.kernel.actor import SystemActor

DRILL = SystemActor("drill", frozenset({WRITE_ACCOUNTS, WRITE_GRANTS}))
_PLACES = {"community_leader": Area.Level.COMMUNITY, "grid_worker": Area.Level.GRID}


def drill_account(key: str, at: datetime) -> Account:
    """The exercise's holder of a role, made on first use. Two field roles answer for one place, others for all."""
    username = f"drill-{key}"
    found = Account.objects.filter(username=username).first()
    if found is not None:
        return found
    ref = create_account(username=username, name=f"演练{role(key).name.zh}", by=DRILL, at=at)
    place = Area.objects.filter(level=_PLACES[key]).order_by("code").first() if key in _PLACES else None
    grant_role(account=ref, role=key, area_code=place.code if place else "", by=DRILL, at=at)
    return Account.objects.get(ref=ref)
