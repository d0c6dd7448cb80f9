"""URLs of the console: each topic keeps its own list in `<topic>/urls.py` (or `<topic>_urls.py`); one line here."""

from django.urls import URLPattern, URLResolver

from firebreak.surfaces.console.accounts.urls import urlpatterns as accounts
from firebreak.surfaces.console.headquarters.urls import urlpatterns as headquarters
from firebreak.surfaces.console.people.urls import urlpatterns as people
from firebreak.surfaces.console.reports.urls import urlpatterns as reports

urlpatterns: list[URLPattern | URLResolver] = [
    *accounts,
    *headquarters,
    *people,
    *reports,
]
