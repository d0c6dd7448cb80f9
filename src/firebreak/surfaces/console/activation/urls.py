"""URLs of signals and activation."""

from django.urls import URLPattern, URLResolver, path

from firebreak.command.activation.queries import active_response
from firebreak.kernel.text import T
from firebreak.surfaces.common.context import register_incident
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.activation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("activation", views.overview, name="activation"),
    path("activation/first-hour", views.first_hour, name="first-hour"),
    path("activation/signals/new", views.new_signal, name="signal-new"),
    path("activation/signals/<slug:token>", views.signal, name="signal"),
    path("activation/signals/<slug:token>/judge", views.judge, name="signal-judge"),
    path("activation/signals/<slug:token>/propose", views.propose, name="signal-propose"),
]


def _incident() -> T | None:
    response = active_response()
    return None if response is None else T(response.name_zh, response.name_en)


register_incident(_incident)
register_nav(NavItem(
    "activation", "activation", "预警与启动", "Signals and activation", group="work", order=5, permission="activation.read"
))
