"""URLs of evidence for an end."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.console.releasing import views

urlpatterns: list[URLPattern | URLResolver] = [path("ends/state", views.state, name="end-state")]
