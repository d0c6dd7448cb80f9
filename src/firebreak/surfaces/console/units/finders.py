"""Finding units, posts, and the posts of somebody by name."""

from django.db.models import Q
from django.urls import reverse

from firebreak.command.activation.queries import latest_response
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.units import queries
from firebreak.engine.units.rights import READ_UNITS
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.surfaces.console.finding import AT_MOST, Finder, Hit, register_finder
from firebreak.surfaces.console.people_at_work import post_words


def _posts(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    response = latest_response()
    if response is None:
        return [], False
    wanted = Q(unit__key__iexact=text) | Q(code__iexact=text)
    for field in ("name_zh", "name_en", "unit__name_zh", "unit__name_en"):
        wanted |= Q(**{f"{field}__icontains": text})
    wanted |= Q(holder__name__startswith=text)
    rows = queries.open_posts(response.ref).filter(wanted).select_related("unit", "holder")
    kept = list(rows.order_by("-leads_unit", "id")[: AT_MOST + 1])
    hits = [
        Hit(
            post_words(row),
            reverse("post", args=[token_of(row.ref)]), row.holder.name if row.holder else T("空岗", "nobody holds it"),
        )
        for row in kept[:AT_MOST]
    ]
    return hits, len(kept) > AT_MOST


register_finder(Finder("units", T("组织与岗位", "Units and posts"), READ_UNITS, _posts, order=50))
