"""URLs of the end of a response."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.closing import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("closing", views.closing, name="closing"),
    path("closing/level", views.level, name="closing-level"),
    path("closing/propose", views.propose, name="closing-propose"),
    path("closing/erasures/<slug:token>/owner", views.hand_over, name="erasure-owner"),
    path("closing/erasures/<slug:token>/erase", views.erase, name="erasure-erase"),
    path("closing/certificates/<slug:token>", views.certificate, name="certificate"),
    path("closing/certificates/<slug:token>.json", views.certificate_file, name="certificate-file"),
]

register_nav(NavItem(
    "closing", "closing", "降级与解除", "Levels and closing", group="record", order=40, permission="closing.read"
))
