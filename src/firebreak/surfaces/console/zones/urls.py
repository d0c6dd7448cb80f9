"""URLs of zones."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.zones import drawing, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("zones", views.zones, name="zones"),
    path("zones/propose", drawing.propose, name="zone-propose"),
    path("zones/<slug:token>", views.zone, name="zone"),
]

register_nav(NavItem("zones", "zones", "分区", "Zones", group="work", order=10, permission="zones.read"))
