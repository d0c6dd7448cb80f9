"""URLs of the ICS papers."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.ics import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("ics", views.papers, name="ics"),
    path("ics/201", views.briefing, name="ics-201"),
    path("ics/203", views.organization, name="ics-203"),
    path("ics/204/<slug:key>", views.assignments, name="ics-204"),
    path("ics/209", views.status, name="ics-209"),
    path("ics/214/<slug:key>", views.activity, name="ics-214"),
]

register_nav(NavItem("ics", "ics", "ICS 表单", "ICS papers", group="record", order=22, permission="reports.read"))
