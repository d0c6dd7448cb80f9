"""URLs of approvals."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals", views.inbox, name="approvals"),
    path("approvals/<slug:token>/approve", views.approve, name="approval-approve"),
    path("approvals/<slug:token>/go-ahead", views.go_ahead, name="approval-go-ahead"),
    path("approvals/<slug:token>/refuse", views.refuse, name="approval-refuse"),
    path("approvals/<slug:token>/withdraw", views.withdraw, name="approval-withdraw"),
]

register_nav(NavItem(
    "approvals", "approvals", "待批", "Decisions", order=30, permission="approvals.read", badge=views.waiting_badge
))
