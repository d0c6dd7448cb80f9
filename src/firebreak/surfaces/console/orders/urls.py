"""URLs of orders."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.orders import (
    finders,  # noqa: F401  puts itself into the find box
    lanes,
    quick,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("orders", views.order_list, name="orders"),
    path("orders.csv", views.order_file, name="order-file"),
    path("orders/new", views.new_order, name="order-new"),
    path("orders/quick", quick.quick, name="order-quick"),
    path("orders/lanes", lanes.lanes, name="order-lanes"),
    path("orders/<slug:token>", views.order, name="order"),
    path("orders/<slug:token>/see", views.see, name="order-see"),
    path("orders/<slug:token>/accept", views.accept, name="order-accept"),
    path("orders/<slug:token>/report", views.report, name="order-report"),
    path("orders/<slug:token>/finish", views.finish, name="order-finish"),
    path("orders/<slug:token>/verify", views.verify, name="order-verify"),
    path("orders/<slug:token>/reopen", views.reopen, name="order-reopen"),
    path("orders/<slug:token>/refuse", views.refuse, name="order-refuse"),
    path("orders/<slug:token>/cancel", views.cancel, name="order-cancel"),
    path("orders/<slug:token>/undo", views.undo, name="order-undo"),
]

register_nav(NavItem("orders", "orders", "指令", "Orders", order=20, permission="orders.read", badge=views.late_badge))
