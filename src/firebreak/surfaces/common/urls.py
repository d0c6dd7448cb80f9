"""URLs that every surface shares: signing in, one's own account, language."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common import demo, entry, frameviews, signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signin.home, name="home"),
    path("sign-in", signin.sign_in, name="sign-in"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("first-password", entry.first_password, name="first-password"),
    path("second-factor", entry.second_factor_page, name="second-factor"),
    path("language", signin.choose_language, name="language"),
    path("account", entry.own_account, name="account"),
    path("account/password", entry.change_password, name="change-password"),
    path("account/sessions/<int:number>/end", entry.end_session, name="end-session"),
    path("demo/as/<slug:role>", demo.enter_as, name="demo-as"),
    path("pulse", frameviews.pulse, name="pulse"),
    path("gallery", frameviews.show_gallery, name="gallery"),
    path("gallery/<slug:frame>", frameviews.show_gallery, name="gallery-frame"),
]
