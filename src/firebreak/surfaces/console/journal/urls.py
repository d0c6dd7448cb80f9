"""URLs of the journal."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.journal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("journal", views.act_list, name="journal"),
    path("journal/verify", views.verify_seals, name="journal-verify"),
    path("journal/acts/<int:number>", views.act_page, name="journal-act"),
]

register_nav(NavItem("journal", "journal", "凭证", "Journal", group="record", order=30, permission="journal.read"))
