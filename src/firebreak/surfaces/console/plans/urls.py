"""URLs of plans."""

from django.urls import URLPattern, URLResolver, path

from firebreak.command.amending.actions import KIND
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals.effects import register_sight
from firebreak.surfaces.console.plans import amending, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans", views.plan_list, name="plans"),
    path("plans/<str:token>", views.plan, name="plan"),
    path("plans/<str:token>/amend", amending.amend, name="plan-amend"),
]

register_sight(KIND, amending.sight)
register_nav(NavItem("plans", "plans", "预案", "Plans", group="record", order=35, permission="plans.read"))
