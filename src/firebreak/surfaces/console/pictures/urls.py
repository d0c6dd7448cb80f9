"""URLs of pictures."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.console.pictures import views

urlpatterns: list[URLPattern | URLResolver] = [path("pictures/<slug:token>", views.picture, name="picture")]
