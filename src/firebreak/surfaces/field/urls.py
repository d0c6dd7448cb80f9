"""URLs of the field pages."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.field import handover, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sample", views.sample, name="sample"),
    path("sample/<slug:code>", views.sample_site, name="sample-site"),
    path("field-worker.js", views.worker, name="field-worker"),
    path("handover", handover.handover, name="handover"),
]

register_nav(NavItem("sample", "sample", "采样", "Sampling", group="work", order=40, permission="rounds.record"))
register_nav(NavItem(
    "handover", "handover", "打包交接", "Pack and hand over", group="laboratory", order=38, permission="specimens.carry",
))
