"""The invented district of the drill: land, streets, buildings, people, what becomes of them, and who serves.

Pure values from a seed: no tables, no files, no clock. Every name, number and place is made up; the land is drawn
after no real coast, resident numbers carry a division that does not exist and phones ring nowhere. The same seed
and size give the same district on every machine; another seed gives other names, houses and people, and the same
totals.

Nouns: `District` (see `nouns`), `Fates` (how each line of the register ends in the first round), `Roster` (who
serves at which post). `rows` writes them as the lists a community would send.
"""

from firebreak.command.drill.district.fates import (
    End,
    Fate,
    Fates,
    Found,
    Try,
    find_later,
    plan_fates,
    plan_later_fates,
)
from firebreak.command.drill.district.invention import DEFAULT_PEOPLE, invent_district
from firebreak.command.drill.district.nouns import District
from firebreak.command.drill.district.quotas import sampled_goal
from firebreak.command.drill.district.roster import Roster, invent_roster
from firebreak.command.drill.district.rows import area_rows, building_rows, people_rows, roster_rows

__all__ = [
    "DEFAULT_PEOPLE", "District", "End", "Fate", "Fates", "Found", "Roster", "Try", "area_rows", "building_rows",
    "find_later", "invent_district", "invent_roster", "people_rows", "plan_fates", "plan_later_fates",
    "roster_rows", "sampled_goal",
]
