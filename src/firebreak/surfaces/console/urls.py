"""URLs of the console: each topic keeps its own list in `<topic>/urls.py` (or `<topic>_urls.py`); one line here."""

from django.urls import URLPattern, URLResolver

from firebreak.surfaces.console.accounts.urls import urlpatterns as accounts
from firebreak.surfaces.console.activation.urls import urlpatterns as activation
from firebreak.surfaces.console.approvals.urls import urlpatterns as approvals
from firebreak.surfaces.console.briefs.urls import urlpatterns as briefs
from firebreak.surfaces.console.calendar.urls import urlpatterns as calendar
from firebreak.surfaces.console.closing.urls import urlpatterns as closing
from firebreak.surfaces.console.consultations.urls import urlpatterns as consultations
from firebreak.surfaces.console.devices.urls import urlpatterns as devices
from firebreak.surfaces.console.drill.urls import urlpatterns as drill
from firebreak.surfaces.console.duty.urls import urlpatterns as duty
from firebreak.surfaces.console.headquarters.urls import urlpatterns as headquarters
from firebreak.surfaces.console.ics.urls import urlpatterns as ics
from firebreak.surfaces.console.imports.urls import urlpatterns as imports
from firebreak.surfaces.console.inspections.urls import urlpatterns as inspections
from firebreak.surfaces.console.journal.urls import urlpatterns as journal
from firebreak.surfaces.console.maps.urls import urlpatterns as maps
from firebreak.surfaces.console.me.urls import urlpatterns as me
from firebreak.surfaces.console.messages.urls import urlpatterns as messages
from firebreak.surfaces.console.musters.urls import urlpatterns as musters
from firebreak.surfaces.console.orders.urls import urlpatterns as orders
from firebreak.surfaces.console.people.urls import urlpatterns as people
from firebreak.surfaces.console.pictures.urls import urlpatterns as pictures
from firebreak.surfaces.console.plans.urls import urlpatterns as plans
from firebreak.surfaces.console.publishing.urls import urlpatterns as publishing
from firebreak.surfaces.console.recognition.urls import urlpatterns as recognition
from firebreak.surfaces.console.releasing.urls import urlpatterns as releasing
from firebreak.surfaces.console.reports.urls import urlpatterns as reports
from firebreak.surfaces.console.rounds.urls import urlpatterns as rounds
from firebreak.surfaces.console.since.urls import urlpatterns as since
from firebreak.surfaces.console.specimens.urls import urlpatterns as specimens
from firebreak.surfaces.console.tasks.urls import urlpatterns as tasks
from firebreak.surfaces.console.units.urls import urlpatterns as units
from firebreak.surfaces.console.weather.urls import urlpatterns as weather
from firebreak.surfaces.console.zones.urls import urlpatterns as zones

urlpatterns: list[URLPattern | URLResolver] = [
    *accounts,
    *headquarters,
    *ics,
    *imports,
    *drill,
    *duty,
    *journal,
    *people,
    *releasing,
    *reports,
    *rounds,
    *activation,
    *approvals,
    *closing,
    *consultations,
    *inspections,
    *messages,
    *musters,
    *orders,
    *pictures,
    *plans,
    *publishing,
    *since,
    *specimens,
    *tasks,
    *units,
    *weather, *calendar, *briefs, *recognition,
    *zones,
    *maps,
    *me,
    *devices,
]
