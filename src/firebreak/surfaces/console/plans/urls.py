"""URLs of plans."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.plans import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans", views.plan_list, name="plans"),
    path("plans/<str:token>", views.plan, name="plan"),
]

register_nav(NavItem("plans", "plans", "预案", "Plans", group="record", order=30, permission="plans.read"))
