"""URLs of weather."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.weather import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("weather", views.weather, name="weather"),
    path("weather/list", views.weather_list, name="weather-list"),
]

register_nav(NavItem("weather", "weather", "天气", "Weather", group="work", order=60, permission="weather.read"))
