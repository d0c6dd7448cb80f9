"""Whether the cells of one row agree: an id says a day of birth and a sex, and the row may say them again."""

from datetime import date
from typing import Any

from firebreak.engine.registry.importing import papers
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.kernel.text import T

_AGAIN = T("请对照证件,改正其中一个。", "Compare the paper and correct one of them.")
BIRTH_DIFFERS = "birth-differs-from-id"
SEX_DIFFERS = "sex-differs-from-id"


def agree_person(row: dict[str, Any]) -> None:
    """Complete a person's row in place: paper, birth and sex from the id. Errors: `Unreadable`."""
    said = row.get("id_kind", "")
    paper = papers.parse_paper(row["id_number"], said) if "id_number" in row else papers.NO_PAPER
    row["id_kind"], row["id_number"] = paper.kind, paper.number
    row["birth_on"], row["sex"] = agreed(paper, row.get("birth_on"), row.get("sex", 0))
    begins, ends = row.get("begins_on"), row.get("ends_on")
    if begins and ends and ends < begins:
        raise Unreadable(
            "ends-before-it-begins",
            T(f"离开日期 {ends} 早于入住日期 {begins}。", f"The last day {ends} is before the first, {begins}."),
            T("请改正其中一个。", "Correct one of them."),
        )


def agreed(paper: papers.Paper, birth_on: date | None, sex: int) -> tuple[date | None, int]:
    """The day of birth and the sex on which the paper and the row agree. Errors: `Unreadable`."""
    if paper.birth_on and birth_on and paper.birth_on != birth_on:
        raise Unreadable(
            BIRTH_DIFFERS,
            T(f"出生日期 {birth_on} 与身份证上的 {paper.birth_on} 不一致。",
              f"The date of birth {birth_on} differs from {paper.birth_on} in the id."),
            _AGAIN,
        )
    if paper.sex and sex in (1, 2) and paper.sex != sex:
        words = {1: T("男", "male"), 2: T("女", "female")}
        raise Unreadable(
            SEX_DIFFERS,
            T(f"性别“{words[sex].zh}”与身份证上的“{words[paper.sex].zh}”不一致。",
              f"The sex '{words[sex].en}' differs from '{words[paper.sex].en}' in the id."),
            _AGAIN,
        )
    return birth_on or paper.birth_on, sex if sex in (1, 2, 9) else paper.sex
