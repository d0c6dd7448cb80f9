"""Finding sample tubes by the beginning of their code."""

from django.urls import reverse

from firebreak.engine.access import scope
from firebreak.engine.access.actors import AccountActor
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.models import Tube
from firebreak.operations.rounds.rights import READ_ROUNDS
from firebreak.operations.rounds.states import TUBE_WORDS
from firebreak.surfaces.console.finding import AT_MOST, Finder, Hit, register_finder


def _tubes(text: str, who: AccountActor) -> tuple[list[Hit], bool]:
    rows = scope.within(Tube.objects.select_related("round", "site"), who, READ_ROUNDS, field="site__area__path")
    kept = list(rows.filter(scope.prefixed("code", text.upper())).order_by("code")[: AT_MOST + 1])
    hits = [
        Hit(
            row.code, reverse("round-tube", args=[token_of(row.round.ref), row.code]),
            T(
                f"第 {row.round.number} 轮 · {row.site.name_zh} · {TUBE_WORDS[row.status].zh}",
                f"round {row.round.number} · {row.site.name_en} · {TUBE_WORDS[row.status].en}",
            ),
        )
        for row in kept[:AT_MOST]
    ]
    return hits, len(kept) > AT_MOST


register_finder(Finder("tubes", T("采样管", "Tubes"), READ_ROUNDS, _tubes, order=30))
