"""URLs of the wall."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import SlugConverter

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.wall import views


class WallPart(SlugConverter):
    """A tile of the wall."""

    regex = "|".join(views.PARTS)


register_converter(WallPart, "wall_part")

urlpatterns: list[URLPattern | URLResolver] = [
    path("wall", views.wall, name="wall"),
    path("wall/<wall_part:part>", views.wall_part, name="wall-part"),
]

register_nav(NavItem("wall", "wall", "大屏", "Wall", order=40, permission="wall.read"))
