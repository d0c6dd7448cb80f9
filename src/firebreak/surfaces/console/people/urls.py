"""URLs of people and households."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.people import (
    coverage,
    duplicates,
    finders,  # noqa: F401  puts itself into the find box
    places,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("find", views.find, name="find"),
    path("people/duplicates", duplicates.duplicates, name="duplicates"),
    path("people/duplicates/<slug:token>", duplicates.decide, name="duplicate"),
    path("register/coverage", coverage.register_coverage, name="register-coverage"),
    path("people/<slug:token>", views.person, name="person"),
    path("people/<slug:token>/unmask", views.unmask, name="unmask"),
    path("people/<slug:token>/needs", views.needs_changed, name="person-needs"),
    path("people/<slug:token>/looks", views.looks, name="person-looks"),
    path("households/<slug:token>", views.household, name="household"),
    path("areas/<str:code>/people", views.area_people, name="area-people"),
    path("areas/<str:code>/end", places.end, name="area-end"),
    path("areas/<str:code>/reopen", places.reopen, name="area-reopen"),
]

register_nav(NavItem(
    "duplicates", "duplicates", "疑似重复", "Entered twice", group="register", order=15, permission="registry.merge"
))
register_nav(NavItem(
    "register-coverage", "register-coverage", "底册与普查", "Register and census", group="register", order=20,
    permission="registry.read",
))
register_nav(NavItem("people", "find", "找人", "Find people", group="register", order=10, permission="registry.read"))
