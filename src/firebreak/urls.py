"""Every URL of the program, one line per surface. The privilege matrix test walks this table.

Sync stands first: phones ask for it far more often than anybody asks for a page, and the list is tried in order.
"""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("firebreak.surfaces.api.urls")),
    path("", include("firebreak.surfaces.common.urls")),
    path("", include("firebreak.surfaces.console.urls")),
    path("", include("firebreak.surfaces.wall.urls")),
    path("", include("firebreak.surfaces.field.urls")),
    path("", include("firebreak.surfaces.api.probes")),
]

handler400 = "firebreak.surfaces.common.refusing.bad_request"
handler403 = "firebreak.surfaces.common.refusing.permission_denied"
handler404 = "firebreak.surfaces.common.refusing.no_such_page"
handler500 = "firebreak.surfaces.common.refusing.our_fault"
