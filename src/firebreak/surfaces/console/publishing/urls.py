"""URLs of publishing."""

from django.urls import URLPattern, URLResolver, path

from firebreak.command.publishing.actions import KIND
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals.effects import register_sight
from firebreak.surfaces.console.publishing import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("public", views.public, {"chosen": "zh"}, name="public"),
    path("public/en", views.public, {"chosen": "en"}, name="public-en"),
    path("publishing", views.desk, name="publishing"),
    path("publishing/withdraw", views.withdraw, name="publishing-withdraw"),
]

register_sight(KIND, views.sight)
register_nav(NavItem(
    "publishing", "publishing", "对外公布", "Public page", group="record", order=25, permission="public.propose"
))
