"""URLs of accounts."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts", views.account_list, name="accounts"),
    path("accounts/new", views.new_account, name="new-account"),
    path("accounts/many", views.many_accounts, name="many-accounts"),
    path("accounts/slips", views.slips, name="account-slips"),
    path("accounts/<slug:token>", views.account_page, name="account-page"),
    path("accounts/<slug:token>/tie", views.tie_account, name="tie-account"),
    path("accounts/<slug:token>/grant", views.grant_role, name="grant-role"),
    path("accounts/<slug:token>/grants/<int:number>/end", views.end_grant, name="end-grant"),
    path("accounts/<slug:token>/disable", views.disable_account, name="disable-account"),
    path("accounts/<slug:token>/enable", views.enable_account, name="enable-account"),
    path("accounts/<slug:token>/reset", views.reset_account, name="reset-account"),
    path("accounts/<slug:token>/unlock", views.unlock_account, name="unlock-account"),
]

register_nav(NavItem("accounts", "accounts", "账号", "Accounts", group="system", order=10, permission="accounts.read"))
