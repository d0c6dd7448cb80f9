"""Who plays: accounts for the people of the roster who act, made and given roles like anybody's."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.actors import AccountActor, actor_of
from firebreak.engine.access.models import Account
from firebreak.engine.units.models import Member
from firebreak.engine.units.plan import PostSpec
from firebreak.kernel.actor import Actor

ROLE_OF_POST: Mapping[str, str] = {
    "commander": "commander", "deputy_commander": "deputy_commander", "duty_officer": "duty_officer",
    "lead_testing": "testing_leader",
}
ROLE_OF_DUTY: Mapping[str, str] = {"task_force_leader": "task_force_leader", "grid": "grid_worker"}


def open_accounts(posts: Sequence[PostSpec], *, district: str, by: Actor, at: datetime) -> None:
    """An account for the holder of each post that acts in the drill: command, task forces, grids."""
    holders = {member.roster_post: member for member in Member.objects.filter(roster_role="holder")}
    for post in posts:
        role = ROLE_OF_POST.get(post.key) or ROLE_OF_DUTY.get(post.duty)
        holder = holders.get(post.key)
        if role is None or holder is None:
            continue
        account = create_account(username=post.key, name=holder.name, member_ref=holder.ref, by=by, at=at)
        for area in post.areas if role == "grid_worker" else (district,):
            grant_role(account=account, role=role, area_code=area, by=by, at=at)


def open_site_accounts(sites: Sequence[str], *, district: str, by: Actor, at: datetime) -> None:
    """An account for the samplers of each site; who is sampled there may live anywhere in the district."""
    for site in sites:
        account = create_account(username=f"site-{site.lower()}", name=f"{site} 采样组", by=by, at=at)
        grant_role(account=account, role="sampler", area_code=district, by=by, at=at)


def open_team_accounts(communities: Sequence[str], *, by: Actor, at: datetime) -> None:
    """An account for the team of each community, which calls, knocks and swabs at doors there."""
    for community in communities:
        account = create_account(username=f"team-{community.lower()}", name=f"{community} 追漏组", by=by, at=at)
        grant_role(account=account, role="community_leader", area_code=community, by=by, at=at)
        grant_role(account=account, role="sampler", area_code="", by=by, at=at)


def open_driver_accounts(count: int, *, district: str, by: Actor, at: datetime) -> None:
    """Accounts for those who carry specimens: people of the specimen transport post."""
    for number, member in enumerate(Member.objects.filter(roster_post="specimen").order_by("id")[:count], start=1):
        account = create_account(username=f"driver-{number}", name=member.name, member_ref=member.ref, by=by, at=at)
        grant_role(account=account, role="specimen_driver", area_code=district, by=by, at=at)


class Cast:
    """Actors by user name, with their rights at the moment asked for."""

    def __init__(self) -> None:
        self._known: dict[str, AccountActor] = {}

    @property
    def usernames(self) -> frozenset[str]:
        """Everybody who has an account."""
        return frozenset(Account.objects.values_list("username", flat=True))

    def actor(self, username: str) -> AccountActor:
        """Whoever signs in as `username`. Errors: `Account.DoesNotExist`."""
        if username not in self._known:
            self._known[username] = actor_of(Account.objects.get(username=username))
        return self._known[username]
