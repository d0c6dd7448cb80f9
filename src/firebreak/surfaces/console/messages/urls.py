"""URLs of messages."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.messages import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages", views.message_list, name="messages"),
    path("messages/<slug:token>/spoken", views.spoken, name="message-spoken"),
]

register_nav(NavItem("messages", "messages", "通知", "Messages", group="work", order=60, permission="messages.read"))
