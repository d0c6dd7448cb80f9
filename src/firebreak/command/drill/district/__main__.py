"""`python -m firebreak.command.drill.district --seed 7 --svg out.svg`: what a seed makes, in numbers and as a map."""

import argparse
from pathlib import Path

from firebreak.command.drill.district.invention import DEFAULT_PEOPLE, invent_district
from firebreak.command.drill.district.svg import draw


def main() -> None:
    """Invent a district and say how big it came out."""
    asked = argparse.ArgumentParser(prog="firebreak.command.drill.district")
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--people", type=int, default=DEFAULT_PEOPLE)
    asked.add_argument("--svg", type=Path)
    options = asked.parse_args()
    district = invent_district(options.seed, options.people)
    print(
        f"{district.name.zh} {district.name.en}: {len(district.communities)} communities, {len(district.grids)} grids, "
        f"{len(district.buildings)} buildings, {len(district.households)} households, "
        f"{len(district.residents)} people, {len(district.sites)} sites"
    )
    if options.svg:
        options.svg.write_text(draw(district), "utf-8")


if __name__ == "__main__":
    main()
