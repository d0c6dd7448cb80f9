"""URLs of the calendar."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.calendar import views

urlpatterns: list[URLPattern | URLResolver] = [path("calendar", views.calendar, name="calendar")]

register_nav(NavItem("calendar", "calendar", "日历", "Calendar", group="units", order=40, permission="calendar.read"))
