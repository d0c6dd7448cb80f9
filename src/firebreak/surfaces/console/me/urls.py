"""URLs of what a resident reads."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.console.me import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("me", views.me, {"chosen": "zh"}, name="me"),
    path("me/en", views.me, {"chosen": "en"}, name="me-en"),
]
