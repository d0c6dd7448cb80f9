"""URLs of rounds."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import SlugConverter

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.rounds import (
    closing,
    finders,  # noqa: F401  puts itself into the find box
    keying,
    missing,
    opening,
    papers,
    person_panel,  # noqa: F401  puts itself on the page of a person
    persons,
    sites,
    views,
)


class Recorded(SlugConverter):
    """What whoever records may write about a person."""

    regex = "attempt|sampled|outcome|excuse"


class Decided(SlugConverter):
    """What whoever decides may write about a person."""

    regex = "excuse|end|reopen"


class TubeEnd(SlugConverter):
    """How a tube ends."""

    regex = "seal|void"


register_converter(Recorded, "recorded")
register_converter(Decided, "decided")
register_converter(TubeEnd, "tube_end")

urlpatterns: list[URLPattern | URLResolver] = [
    path("rounds", views.rounds, name="rounds"),
    path("rounds/open", opening.open_one, name="round-open"),
    path("rounds/sites", sites.sites, name="sites"),
    path("rounds/<slug:key>", views.one_round, name="round"),
    path("rounds/<slug:key>/live", views.round_live, name="round-live"),
    path("rounds/<slug:key>/areas/<str:code>", views.area, name="round-area"),
    path("rounds/<slug:key>/areas/<str:code>/live", views.area_live, name="round-area-live"),
    path("rounds/<slug:key>/areas/<str:code>/cards", papers.cards, name="round-cards"),
    path("rounds/<slug:key>/areas/<str:code>/roster", papers.roster, name="round-roster"),
    path("rounds/<slug:key>/missing.csv", missing.missing_file, name="round-missing-file"),
    path("rounds/<slug:key>/missing", missing.missing, name="round-missing"),
    path("rounds/<slug:key>/found", opening.found, name="round-found"),
    path("rounds/<slug:key>/keying", keying.keying, name="round-keying"),
    path("rounds/<slug:key>/undo", persons.undo, name="round-undo"),
    path("rounds/<slug:key>/people/<slug:token>", persons.person, name="round-person"),
    path("rounds/<slug:key>/people/<slug:token>/record/<recorded:what>", persons.record_one, name="round-record"),
    path("rounds/<slug:key>/people/<slug:token>/decide/<decided:what>", persons.decide_one, name="round-decide"),
    path("rounds/<slug:key>/close", closing.close, name="round-close"),
    path("rounds/<slug:key>/cancel", closing.cancel, name="round-cancel"),
    path("rounds/<slug:key>/tubes", closing.tubes, name="round-tubes"),
    path("rounds/<slug:key>/tubes/<str:code>", closing.tube, name="round-tube"),
    path("rounds/<slug:key>/tubes/<str:code>/<tube_end:what>", closing.end_tube, name="round-tube-end"),
]

register_nav(NavItem("rounds", "rounds", "轮次", "Rounds", group="work", order=20, permission="rounds.read"))
