"""URLs of bringing lists in."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.imports import files, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("import", views.import_list, name="imports"),
    path("import/received/<slug:token>", views.received_file, name="import-mapping"),
    path("import/received/<slug:token>/discard", views.discard_received, name="import-discard"),
    path("import/<slug:token>", files.import_page, name="import"),
    path("import/<slug:token>/write", files.write_slice, name="import-write"),
    path("import/<slug:token>/abandon", files.abandon, name="import-abandon"),
    path("import/<slug:token>/returned", files.returned, name="import-returned"),
]

register_nav(
    NavItem("imports", "imports", "导入名单", "Import lists", group="register", order=60, permission="registry.import")
)
