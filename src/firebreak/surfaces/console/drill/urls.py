"""URLs of the drill's pace; on the rail only while the data is a drill."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.drill import taking, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("drill", views.drill_page, name="drill"),
    path("drill/strip", views.strip, name="drill-strip"),
    path("drill/take", taking.take, name="drill-take"),
    path("drill/give-back", taking.give_back, name="drill-give-back"),
    path("drill/undo", taking.undo, name="drill-undo"),
    path("drill/standing", views.standing, name="drill-standing"),
]

if settings.FIREBREAK_DRILL:
    register_nav(NavItem("drill", "drill", "演练", "Drill", group="system", order=90, permission="drill.play"))
