"""URLs of specimens, laboratories, results and positive pools."""

from django.urls import URLPattern, URLResolver, path

from firebreak.operations.laboratory.actions import KEYED
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals.effects import register_sight
from firebreak.surfaces.console.specimens import labels, laboratories, pools, results, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("specimens", views.specimens, name="specimens"),
    path("specimens/labels", labels.label_runs, name="labels"),
    path("specimens/labels/given-up", labels.given_up, name="labels-given-up"),
    path("specimens/labels/<slug:token>", labels.on_paper, name="labels-print"),
    path("specimens/missing", views.missing, name="specimens-missing"),
    path("specimens/held/<str:stage>/<str:holder>", views.held, name="specimens-held"),
    path("laboratories", laboratories.laboratories, name="laboratories"),
    path("laboratories/controls", laboratories.controls, name="laboratory-controls"),
    path("laboratories/<slug:token>/card", laboratories.card, name="laboratory-card"),
    path("laboratories/<slug:token>/key", laboratories.key, name="laboratory-key"),
    path("results", results.results, name="results"),
    path("results/keyed", results.keyed, name="results-keyed"),
    path("results/<slug:token>", results.delivery, name="delivery"),
    path("results/<slug:token>/rejected.csv", results.rejected, name="delivery-rejected"),
    path("pools", pools.pools, name="pools"),
    path("pools/<slug:token>", pools.pool, name="pool"),
    path("pools/<slug:token>/release", pools.release, name="pool-release"),
]

register_sight(KEYED, results.sight)
register_nav(NavItem("specimens", "specimens", "标本", "Specimens", group="laboratory", order=40, permission="specimens.read"))
register_nav(NavItem("labels", "labels", "标签", "Labels", group="laboratory", order=39, permission="specimens.labels"))
register_nav(NavItem("results", "results", "检测结果", "Results", group="laboratory", order=42, permission="results.read"))
register_nav(NavItem("pools", "pools", "阳性混管", "Positive pools", group="laboratory", order=44, permission="results.read"))
register_nav(NavItem(
    "laboratories", "laboratories", "检测机构", "Laboratories", group="laboratory", order=46, permission="specimens.read",
))
