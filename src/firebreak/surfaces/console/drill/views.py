"""Pages of the drill's pace: pause, go on, faster, slower; where the story stands; the links to take a role."""

from pathlib import Path

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from firebreak.command.drill.pace import MAX_SPEED, Pace, PaceFile
from firebreak.command.drill.rights import PLAY_DRILL
from firebreak.command.drill.takeover import ALREADY_TAKEN, PARTS, Changes, TakeOver
from firebreak.engine.access.roles import BY_KEY, ROLES
from firebreak.kernel import clock
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.surfaces.common.demo import LOOPBACK
from firebreak.surfaces.common.gate import actor, needs, signed_in
from firebreak.surfaces.common.words import lazily
from firebreak.surfaces.console.drill.chapters import CHAPTERS, chapter_at

DAY_SECONDS = 86_400
SPEEDS: tuple[tuple[str, float, T], ...] = (
    ("20s", DAY_SECONDS / 20, T("一天 20 秒", "1 day in 20 s")),
    ("3min", DAY_SECONDS / 180, T("一天 3 分钟", "1 day in 3 min")),
    ("24min", DAY_SECONDS / 1440, T("一天 24 分钟", "1 day in 24 min")),
    ("max", MAX_SPEED, T("最快", "as fast as it goes")),
)
_SPEED = {key: speed for key, speed, _ in SPEEDS}


class PaceForm(forms.Form):
    """Another speed, or to pause or go on at the present one."""

    speed = forms.ChoiceField(choices=[(key, key) for key in _SPEED], required=False)
    paused = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)

    def clean(self) -> dict[str, str]:
        """One of the two must be given."""
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError(lazily(
                "没有选快慢。演练照旧。请按一个按钮。", "No pace was chosen. The drill goes on as it was. Press a button.",
            ))
        return self.cleaned_data


@needs(PLAY_DRILL, post=PLAY_DRILL)
def drill_page(request: HttpRequest) -> HttpResponse:
    """Where the story stands and how fast it goes; a POST asks the player for another pace."""
    _only_in_a_drill()
    form = PaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if TakeOver(Path(settings.DATA)).current() is not None:
            raise ALREADY_TAKEN.because()
        _ask(form)
        back = request.POST.get("back", "")
        known = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if known else "drill")
    shown = {**_standing(request), "form": form, "links": _role_links(request), "parts": [BY_KEY[key] for key in PARTS]}
    return render(request, "console/drill/drill.html", shown, status=422 if form.errors else 200)


@needs(PLAY_DRILL, background=True)
def standing(request: HttpRequest) -> HttpResponse:
    """The story's standing again, for the page that refreshes itself."""
    _only_in_a_drill()
    return render(request, "console/drill/standing.html", _standing(request))


@signed_in(background=True)
def strip(request: HttpRequest) -> HttpResponse:
    """The slim line for the headquarters page; whoever may not set the pace only reads it."""
    _only_in_a_drill()
    return render(request, "console/drill/strip.html", _standing(request))


def _only_in_a_drill() -> None:
    if not settings.FIREBREAK_DRILL:
        raise NOT_FOUND.because()


def _ask(form: PaceForm) -> None:
    file = PaceFile(Path(settings.DATA))
    pace = file.read()
    speed = _SPEED.get(form.cleaned_data["speed"], pace.speed)
    paused = form.cleaned_data["paused"] == "yes" if form.cleaned_data["paused"] else False
    file.ask(Pace(speed, paused))


def _standing(request: HttpRequest) -> dict[str, object]:
    now, pace = clock.now(), PaceFile(Path(settings.DATA)).read()
    running = chapter_at(now)
    chapters = [(chapter, number < running, number == running) for number, chapter in enumerate(CHAPTERS)]
    speeds = [(key, words, speed == pace.speed and not pace.paused) for key, speed, words in SPEEDS]
    known = next((words for _, speed, words in SPEEDS if speed == pace.speed), None)
    return {
        "pace": pace, "speeds": speeds, "now": now, "chapters": chapters, "chapter": CHAPTERS[running],
        "pace_words": known or T(f"一秒 {pace.speed:,.0f} 秒", f"{pace.speed:,.0f} s a second"),
        "skipped": Changes(Path(settings.DATA) / "drill").skipped(), "takeover": TakeOver(Path(settings.DATA)).current(),
        "may_play": actor(request).may(PLAY_DRILL), "ended": running == len(CHAPTERS) - 1,
    }


def _role_links(request: HttpRequest) -> list[tuple[T, T, str]]:
    """Role links with the folder's code, which opens from this machine alone; elsewhere none are shown."""
    code = str(settings.FOLDER.get("code", ""))
    if not code or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        return []
    return [(role.name, role.description, f"{reverse('demo-as', args=[role.key])}?code={code}") for role in ROLES]
