"""Lawful moves of a zone."""

from firebreak.kernel.states import Transitions
from firebreak.kernel.text import T

ZONE_MOVES = Transitions(
    moves={
        "proposed": frozenset({"in_force", "withdrawn"}),
        "in_force": frozenset({"released", "replaced"}),
    },
    words={
        "proposed": T("待批", "proposed"),
        "in_force": T("生效", "in force"),
        "released": T("已解封", "released"),
        "withdrawn": T("已撤回", "withdrawn"),
        "replaced": T("已改划", "replaced"),
    },
)
