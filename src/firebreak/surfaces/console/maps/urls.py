"""URLs of the map."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.maps import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("map", views.page, name="map"),
    path("map/ground.geojson", views.ground, name="map-ground"),
    path("map/buildings.geojson", views.buildings, name="map-buildings"),
    path("map/states.json", views.states, name="map-states"),
    path("map/zones.geojson", views.zone_shapes, name="map-zones"),
    path("map/sites.geojson", views.site_points, name="map-sites"),
]

register_nav(NavItem("map", "map", "地图", "Map", order=30, permission="areas.read"))
