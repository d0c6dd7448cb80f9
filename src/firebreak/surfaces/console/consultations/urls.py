"""URLs of consultations."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.consultations import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("consultations", views.consultations, name="consultations"),
    path("consultations/new", views.new, name="consultation-new"),
    path("consultations/<slug:token>", views.consultation, name="consultation"),
    path("consultations/<slug:token>/open", views.begin, name="consultation-open"),
    path("consultations/<slug:token>/present", views.present, name="consultation-present"),
    path("consultations/<slug:token>/raise", views.put, name="consultation-raise"),
    path("consultations/<slug:token>/decide", views.decide, name="consultation-decide"),
    path("consultations/<slug:token>/close", views.close, name="consultation-close"),
    path("consultations/<slug:token>/minutes", views.minutes, name="consultation-minutes"),
]

register_nav(NavItem("consultations", "consultations", "会商", "Consultations", order=15, permission="consultations.read"))
