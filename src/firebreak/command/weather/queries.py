"""Reads of weather."""

from django.db.models import QuerySet

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.plan import HeadquartersSection, WeatherRule
from firebreak.command.weather.models import Observation
from firebreak.command.weather.rules import MEASURES, reached
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.models import Task

KIND = "weather"


def observations(response: str) -> QuerySet[Observation]:
    """What was observed, the latest first."""
    return Observation.objects.filter(response_ref=response).order_by("-observed_at", "-id")


def latest(response: str) -> dict[str, Observation]:
    """The latest value of each measure. One query a measure."""
    found = {measure: observations(response).filter(measure=measure).first() for measure in MEASURES}
    return {measure: row for measure, row in found.items() if row is not None}


def rules_of(response: Response) -> tuple[WeatherRule, ...]:
    """What the plan ties to the weather."""
    return adopted(response.plan.ref).section(HeadquartersSection).weather_rules


def holding(response: Response) -> set[str]:
    """Keys of the rules that the latest values reach."""
    own = rules_of(response)
    return {key for measure, row in latest(response.ref).items() for key in reached(own, measure, row.value)}


def live(response: str) -> dict[str, Task]:
    """Rule → its task that has not ended. One query."""
    rows = Task.objects.filter(kind=KIND, response_ref=response).exclude(status=Task.Status.ENDED)
    known = rows.select_related("owner__unit", "owner__holder").order_by("id")
    return {task.about.removeprefix("weather:").partition(".")[0]: task for task in known}
