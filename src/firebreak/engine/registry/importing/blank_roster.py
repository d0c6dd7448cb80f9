"""A roster to fill in: the posts somebody must be found for, one row a person, in the columns the import reads."""

import csv
from collections.abc import Sequence
from pathlib import Path

from firebreak.engine.registry.importing.escaping import escaped
from firebreak.engine.registry.importing.kinds import ROSTER
from firebreak.kernel.text import T

_COLUMNS = ("post", "role", "name", "phone", "home", "standing", "skills")
_TITLE = "岗位名称"
"""For whoever fills it in; the import does not read it."""


def write_blank_roster(out: Path, posts: Sequence[tuple[str, T, int]]) -> int:
    """Write (code, name, people asked for) as CSV (UTF-8 with a mark, so that spreadsheets read it); answers the rows."""
    labels = [ROSTER.by_key[key].label.zh for key in _COLUMNS]
    rows = [
        [_TITLE, *labels],
        *(
            [escaped(name.zh), code, "负责人" if place == 0 else "成员", *[""] * (len(_COLUMNS) - 2)]
            for code, name, people in posts for place in range(people)
        ),
    ]
    with out.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return len(rows) - 1
