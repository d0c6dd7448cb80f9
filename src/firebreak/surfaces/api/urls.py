"""URLs of this surface."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.api.results import results
from firebreak.surfaces.api.sync import sync

urlpatterns: list[URLPattern | URLResolver] = [
    path("sync", sync, name="sync"),
    path("results", results, name="results-in"),
]
