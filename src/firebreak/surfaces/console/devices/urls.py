"""URLs of devices."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.devices import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("devices", views.devices, name="devices"),
    path("devices/undecided", views.undecided, name="undecided"),
    path("devices/gaps/<int:number>/lost", views.lost, name="gap-lost"),
    path("devices/undecided/<slug:token>/settle", views.settle, name="undecided-settle"),
    path("devices/<slug:token>", views.device, name="device"),
    path("devices/<slug:token>/revoke", views.revoke, name="device-revoke"),
    path("devices/<slug:token>/outbox", views.outbox, name="device-outbox"),
    path("devices/<slug:token>/renew", views.renew, name="device-renew"),
]

register_nav(NavItem("devices", "devices", "设备", "Devices", group="system", order=30, permission="capture.enrol"))
register_nav(
    NavItem(
        "undecided", "undecided", "未入账记录", "Events set aside", group="work", order=50,
        permission="capture.resolve", badge=views.waiting,
    )
)
