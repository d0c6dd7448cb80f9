"""Small districts for tests. Import inside a test or fixture: it needs Django."""

from firebreak.engine.areas.models import Area


def two_communities() -> dict[str, Area]:
    """District D with communities A and B, and buildings A-1 and B-1."""
    district = Area.objects.create(code="D", path="/D/", level="district", name_zh="区")
    found = {"D": district}
    for community in ("A", "B"):
        up = Area.objects.create(
            code=community, path=f"/D/{community}/", level="community", parent=district, name_zh=f"社区{community}",
        )
        code = f"{community}-1"
        found[community] = up
        found[code] = Area.objects.create(
            code=code, path=f"/D/{community}/{code}/", level="building", parent=up, name_zh=f"{community} 区 1 号楼",
        )
    return found
