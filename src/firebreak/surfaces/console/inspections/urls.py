"""URLs of inspections and findings."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.inspections import findings, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("inspections", views.overview, name="inspections"),
    path("inspections/new", views.new, name="inspection-new"),
    path("inspections/<slug:token>", views.inspection, name="inspection"),
    path("inspections/<slug:token>/<int:position>", views.look, name="inspection-look"),
    path("inspections/<slug:token>/<int:position>/excuse", views.excuse, name="inspection-excuse"),
    path("findings/<slug:token>", findings.finding, name="finding"),
    path("findings/<slug:token>/recheck", findings.recheck, name="finding-recheck"),
    path("findings/<slug:token>/withdraw", findings.withdraw, name="finding-withdraw"),
]

register_nav(NavItem(
    "inspections", "inspections", "督导", "Inspection", group="units", order=30, permission="inspections.read",
    badge=findings.badge,
))
