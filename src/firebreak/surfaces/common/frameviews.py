"""The two small answers the frame itself needs: what time the ledger has, and the gallery of components."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from firebreak.kernel import clock
from firebreak.surfaces.common import gallery
from firebreak.surfaces.common.gate import open_to_all, signed_in
from firebreak.surfaces.common.toasts import offer_undo
from firebreak.surfaces.common.words import clock_time, day_text


@signed_in(background=True)
def pulse(request: HttpRequest) -> JsonResponse:
    """The ledger's time, which also proves that server and network answer. Costs no query of its own."""
    now = clock.now()
    return JsonResponse(
        {"now": now.isoformat(), "day": str(day_text(now.astimezone().date())), "time": clock_time(now)}
    )


@open_to_all(post=True)
def show_gallery(request: HttpRequest, frame: str = "desk") -> HttpResponse:
    """Every component in every state; only where no real person's record is kept."""
    if not (settings.DEBUG or settings.FIREBREAK_DRILL):
        raise Http404
    if frame not in gallery.FRAMES:
        raise Http404
    if request.headers.get("HX-Request") == "true" and "q" in request.POST:
        return render(request, "firebreak/gallery/found.html")
    if frame == "desk":
        offer_undo(request, gallery.DONE_JUST_NOW, request.path)
    form = gallery.SampleForm(request.POST or gallery.WRONG if "wrong" in request.GET or request.POST else None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, f"firebreak/gallery/{frame}.html", {**gallery.sample(request), "form": form}, status=status)
