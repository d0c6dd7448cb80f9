"""Roles as data: every right exists, the three administrators stay apart, nobody carries a field too many."""

from firebreak.engine.access.roles import BY_KEY, ROLES
from firebreak.kernel.permissions import catalogue
from firebreak.urls import urlpatterns


def test_roles_name_only_declared_rights() -> None:
    assert urlpatterns  # importing the URLs has imported every domain that declares rights
    unknown = {right for role in ROLES for right in role.rights} - set(catalogue())
    assert unknown == set()


def test_every_role_has_both_languages() -> None:
    assert [role.key for role in ROLES if not (role.name.zh and role.name.en and role.description.en)] == []


def test_administrators_share_no_power() -> None:
    system, security, audit = (BY_KEY[key] for key in ("system_admin", "security_admin", "auditor"))
    powers = [
        {right for right in role.rights if not right.endswith((".read", ".verify", ".check", ".open"))}
        for role in (system, security, audit)
    ]
    assert powers[0] & powers[1] == set()
    assert powers[2] == set()


def test_administrators_of_system_and_security_see_no_residents() -> None:
    seen = {key: sorted(right for right in BY_KEY[key].rights if right.startswith("registry"))
            for key in ("system_admin", "security_admin", "wall", "sampler")}
    assert seen == {"system_admin": [], "security_admin": [], "wall": [], "sampler": []}


def test_second_factor_is_asked_of_headquarters_and_administrators() -> None:
    assert {role.key for role in ROLES if not role.second_factor} == {
        "community_leader", "site_lead", "sampler", "grid_worker", "inspector", "wall", "specimen_driver",
    }
