"""URLs of figures and reports."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import SlugConverter

from firebreak.command.reports.renderings import RENDERINGS
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.reports import views


class FileKind(SlugConverter):
    """csv or json."""

    regex = "csv|json"


class ReportKind(SlugConverter):
    """A kind of file a report is put into."""

    regex = "|".join(RENDERINGS)


register_converter(FileKind, "figure_file")
register_converter(ReportKind, "report_file")

urlpatterns: list[URLPattern | URLResolver] = [
    path("figures", views.figure_list, name="figures"),
    path("figures/<str:name>.<figure_file:kind>", views.figure_file, name="figure-file"),
    path("figures/<str:name>", views.figure_rows, name="figure"),
    path("reports", views.report_list, name="reports"),
    path("reports/<slug:token>", views.report, name="report"),
    path("reports/<slug:token>/page", views.report_page, name="report-page"),
    path("reports/<slug:token>.<report_file:kind>", views.report_file, name="report-file"),
    path("reports/<slug:token>.json", views.report_json, name="report-json"),
]

register_nav(NavItem("reports", "reports", "日报", "Daily report", group="record", order=10, permission="reports.read"))
register_nav(NavItem("figures", "figures", "数字", "Figures", group="record", order=20, permission="figures.open"))
