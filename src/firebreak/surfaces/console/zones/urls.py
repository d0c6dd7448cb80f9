"""URLs of zones."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals.effects import register_sight
from firebreak.surfaces.console.zones import (
    choosing,
    drawing,
    notices,
    person_panel,  # noqa: F401  puts itself on the person's page
    previews,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("zones", views.zones, name="zones"),
    path("zones/propose", drawing.propose, name="zone-propose"),
    path("zones/area", choosing.choose, name="zone-area"),
    path("zones/area.svg", choosing.picture, name="zone-picture"),
    path("zones/alerts.xml", notices.feed, name="zone-alerts"),
    path("zones/alerts/<slug:token>.xml", notices.cap_file, name="zone-alert"),
    path("zones/alerts/<slug:token>/notices", notices.sheets, name="zone-notices"),
    path("zones/<slug:token>", views.zone, name="zone"),
]

register_sight("zone", previews.sight)
register_sight("zone-release", previews.sight)
register_nav(NavItem("zones", "zones", "分区", "Zones", group="work", order=10, permission="zones.read"))
