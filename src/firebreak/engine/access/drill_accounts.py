"""The accounts of an exercise: one holder for each role, made when somebody first takes the role's link.

Never called on real data; the caller checks the folder and the database.
"""

from datetime import datetime

from django.db.models import Q

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.models import Account
from firebreak.engine.access.rights import WRITE_ACCOUNTS, WRITE_GRANTS
from firebreak.engine.access.roles import role
from firebreak.engine.areas.models import Area
from firebreak.kernel.actor import SystemActor

DRILL = SystemActor("drill", frozenset({WRITE_ACCOUNTS, WRITE_GRANTS}))
_PLACES = {"community_leader": Area.Level.COMMUNITY, "grid_worker": Area.Level.GRID}


def drill_account(key: str, at: datetime) -> Account:
    """Who holds the role in the exercise: its own player, else a holder made on first use.

    Of the made ones, two field roles answer for one place and the others for all.
    """
    running = Q(grants__ends_at=None) | Q(grants__ends_at__gt=at)
    held = Account.objects.filter(running, grants__role=key, grants__begins_at__lte=at, is_active=True)
    found = held.order_by("pk").first()
    if found is not None:
        return found
    ref = create_account(username=f"drill-{key}", name=f"演练{role(key).name.zh}", by=DRILL, at=at)
    place = Area.objects.filter(level=_PLACES[key]).order_by("code").first() if key in _PLACES else None
    grant_role(account=ref, role=key, area_code=place.code if place else "", by=DRILL, at=at)
    return Account.objects.get(ref=ref)
