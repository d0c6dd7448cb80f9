"""Which building a row means: by code, by address, or by name within its compound or community.

Reads the running buildings once per file. Never picks one of several that fit.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.importing.kinds import plain_header
from firebreak.engine.registry.importing.problems import Unreadable
from firebreak.kernel.text import T

_OUTSIDE = "outside-your-area"


class Places:
    """The buildings of the register by every name people use for them. Two queries when made."""

    def __init__(self, scopes: Sequence[str]) -> None:
        communities = {
            area.path: area.name_zh for area in Area.objects.filter(level=Area.Level.COMMUNITY).only("path", "name_zh")
        }
        rows = Area.objects.filter(level=Area.Level.BUILDING, ended_at=None).annotate(
            address=F("building__address"), compound=F("building__compound"),
        ).values_list("code", "path", "name_zh", "name_en", "address", "compound")
        self._scopes = tuple(scopes)
        self._by_code: dict[str, str] = {}
        self._by_words: dict[str, set[str]] = {}
        self._paths: dict[str, str] = {}
        self._seen: dict[tuple[str, str, str], str] = {}
        for code, path, name_zh, name_en, address, compound in rows:
            self._paths[code] = path
            self._by_code[plain_header(code)] = code
            community = communities.get("/".join(path.split("/")[:-3]) + "/", "")
            for name in filter(None, (name_zh, name_en)):
                for words in {name, (compound or "") + name, community + name, community + (compound or "") + name}:
                    self._add(words, code)
            self._add(address or "", code)

    def _add(self, words: str, code: str) -> None:
        if plain := plain_header(words):
            self._by_words.setdefault(plain, set()).add(code)

    def code_of(self, row: dict[str, Any]) -> str:
        """The code of the building a row names. Errors: `Unreadable` when none, several, or not the actor's."""
        key = (row["building"], row.get("compound", ""), row.get("community", ""))
        code = self._seen.get(key)
        if code is None:
            code = self._seen[key] = self._resolved(*key)
        return code

    def _resolved(self, text: str, compound: str, community: str) -> str:
        plain = plain_header(text)
        code = self._by_code.get(plain)
        if code is None:
            found = self._narrowed(plain, plain_header(compound), plain_header(community))
            if len(found) > 1:
                some = "、".join(sorted(found)[:3])
                raise Unreadable(
                    "building-ambiguous",
                    T(f"有 {len(found)} 栋楼都叫“{text[:40]}”。", f"{len(found)} buildings are called '{text[:40]}'."),
                    T(f"请写楼栋编号,如 {some}。", f"Write the building code, such as {some}."),
                )
            if not found:
                raise Unreadable(
                    "building-unknown",
                    T(f"底册里没有楼栋“{text[:40]}”。", f"The register has no building '{text[:40]}'."),
                    T("请先导入楼栋,或核对编号。", "Import it first, or check the code."),
                )
            code = found.pop()
        if not self._paths[code].startswith(self._scopes):
            raise Unreadable(
                _OUTSIDE, T(f"楼栋 {code} 不在您的辖区。", f"Building {code} lies outside your area."),
                T("请交给该辖区的负责人导入。", "Hand this row to whoever answers for that area."),
            )
        return code

    def _narrowed(self, plain: str, compound: str, community: str) -> set[str]:
        for words in (community + compound + plain, compound + plain, community + plain, plain):
            if found := self._by_words.get(words):
                return set(found)
        return set()
