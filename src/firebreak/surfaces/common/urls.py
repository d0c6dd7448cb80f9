"""URLs that every surface shares: signing in, one's own account, language."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common import signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signin.home, name="home"),
    path("sign-in", signin.sign_in, name="sign-in"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("language", signin.choose_language, name="language"),
]
