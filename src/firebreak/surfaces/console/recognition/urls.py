"""URLs of recognition."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.recognition import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("recognition", views.recognition, name="recognition"),
    path("recognition.csv", views.recognition_file, name="recognition-file"),
]

register_nav(NavItem("recognition", "recognition", "表扬名单", "Recognition", group="units", order=60, permission="units.write"))
