"""The line of every key: an author is sent to the right place whatever way the file is written."""

import tomllib
from dataclasses import dataclass, field
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.engine.plans.lines import Path, line_index, line_of


def index_of(text: str) -> dict[Path, int]:
    text = dedent(text).lstrip("\n")
    tomllib.loads(text)
    return line_index(text)


def test_tables_and_keys_have_their_lines() -> None:
    index = index_of("""
        # a comment, = [ {
        unit = "person"

        [staffing]   # people
        people_per_site = 3000
        [staffing.night]
        people_per_site = 5000
    """)
    assert index == {
        (): 1, ("unit",): 2, ("staffing",): 4, ("staffing", "people_per_site"): 5,
        ("staffing", "night"): 6, ("staffing", "night", "people_per_site"): 7,
    }


def test_arrays_of_tables_are_counted_even_when_nested() -> None:
    index = index_of("""
        [[tiers]]
        key = "lockdown"
        [[tiers.tests]]
        day = 1
        [[tiers.tests]]
        day = 4
        [[tiers]]
        key = "control"
        [tiers.measures]
        visits = "free"
        [[tiers.tests]]
        day = 7
    """)
    assert (index[("tiers",)], index[("tiers", 0)], index[("tiers", 1)]) == (1, 1, 7)
    assert index[("tiers", 0, "tests", 1, "day")] == 6
    assert index[("tiers", 1, "measures", "visits")] == 10
    assert index[("tiers", 1, "tests", 0, "day")] == 12


def test_dotted_and_quoted_keys_are_steps_of_one_path() -> None:
    index = index_of("""
        follow_up.revisit."a.b" = 1
        follow_up . revisit . 'c d' = 2
        "esc\\u0061pe" = 3
    """)
    assert index == {
        (): 1, ("follow_up",): 1, ("follow_up", "revisit"): 1, ("follow_up", "revisit", "a.b"): 1,
        ("follow_up", "revisit", "c d"): 2, ("escape",): 3,
    }


def test_inline_tables_and_arrays_have_places_inside() -> None:
    index = index_of("""
        hours = { value = 24, source = "a # b", nested = { deep = [1, 2] } }
        list = [
          { key = "one" },  # the first

          { key = "two" },
        ]
    """)
    assert index[("hours", "nested", "deep", 1)] == 1
    assert (index[("list",)], index[("list", 0, "key")], index[("list", 1)], index[("list", 1, "key")]) == (2, 3, 5, 5)


@pytest.mark.parametrize("text", [
    'text = """\n[not.a.table]\nkey = 1\n"""\nafter = 1\n',
    "text = '''\n[not.a.table]\n# '' '\n'''\nafter = 1\n",
    'text = """\nescaped \\""" still inside\n"""\n\nafter = 1\n',
    'text = """\nends in quotes""""\n\n\nafter = 1\n',
    'text = "a \\" b"\nother = \'c:\\\'\n\n\nafter = 1\n',
    "text = 1979-05-27 07:32:00\r\nother = [1,\r\n2]\r\n\r\nafter = 1\r\n",
], ids=["basic", "literal", "escaped", "quotes-at-end", "one-line", "dates-and-crlf"])  # fmt: skip
def test_strings_and_moments_never_shift_a_line(text: str) -> None:
    tomllib.loads(text)
    assert line_index(text)[("after",)] == text[:text.index("after")].count("\n") + 1


def test_a_missing_step_gives_the_line_of_the_table_around_it() -> None:
    index = index_of("""
        [who]
        duties = ["commander"]
        [who.night]
        from_time = "22:00"
    """)
    assert line_of(index, ("who", "night", "second_within_minutes")) == 3
    assert line_of(index, ("who", "duties", 0, "value")) == 2
    assert line_of(index, ("nowhere",)) == 1


KEYS = st.sampled_from(["a", "b1", "long-key", "under_score", "with space", "dot.ted", "引号", 'quo"te', "7"])
PLAIN = st.sampled_from([
    "1", "-3.5e7", "true", "2022-06-05", "2022-06-05T08:00:00+08:00", '"a # [b] = {c}"', "'it\\'", '""', "''",
    '"""one\ntwo = 2\n[three]\n"""', "'''x\n\n# y\n'''", '"""say \\""" twice\n"""', '"""ends""""',
])  # fmt: skip


@dataclass
class Written:
    """A TOML text in the making, with the line of everything put into it."""

    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def put(self, text: str, path: Path | None = None) -> None:
        if path is not None:
            self.lines[path] = self.text.count("\n") + 1
        self.text += text


def written_key(key: str) -> str:
    if key.replace("-", "").replace("_", "").isalnum() and key.isascii():
        return key
    return "'" + key + "'" if '"' in key else '"' + key + '"'


def put_value(draw: st.DrawFn, out: Written, path: Path, depth: int) -> None:
    kind = draw(st.sampled_from(["plain", "array", "inline"])) if depth else "plain"
    if kind == "plain":
        out.put(draw(PLAIN))
        return
    opening, closing = ("[", "]") if kind == "array" else ("{", "}")
    breaks = st.sampled_from(["", " ", "\n", "\n# , ] comment\n  "]) if kind == "array" else st.sampled_from(["", " "])
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    out.put(opening)
    for number, key in enumerate(keys):
        out.put(("," if number else "") + draw(breaks))
        inner: Path = (*path, number if kind == "array" else key)
        out.put("" if kind == "array" else f"{written_key(key)} = ", inner)
        put_value(draw, out, inner, depth - 1)
    out.put(draw(breaks) + closing)


def put_pairs(draw: st.DrawFn, out: Written, table: Path) -> None:
    for key in draw(st.lists(KEYS, max_size=4, unique=True)):
        out.put(draw(st.sampled_from(["", "\n", "# note = 1\n", "  "])))
        dotted = draw(st.booleans())
        path: Path = (*table, key)
        out.put(written_key(key), path)
        if dotted:
            path = (*path, "dotted")
            out.put(" . dotted", path)
        out.put(draw(st.sampled_from([" = ", "="])))
        put_value(draw, out, path, 2)
        out.put(draw(st.sampled_from(["\n", "  # end\n", "\r\n"])))


@st.composite
def documents(draw: st.DrawFn) -> Written:
    out = Written()
    put_pairs(draw, out, ())
    for number in range(draw(st.integers(0, 3))):
        name = f"table {number}" if draw(st.booleans()) else f"table{number}"
        for element in range(draw(st.integers(0, 3))):
            out.lines.setdefault((name,), out.text.count("\n") + 1)
            out.put(f"[[ {written_key(name)} ]]\n", (name, element))
            put_pairs(draw, out, (name, element))
            out.put(f"[{written_key(name)}.inner_table]\n", (name, element, "inner_table"))
            put_pairs(draw, out, (name, element, "inner_table"))
    return out


def paths_of(value: object, path: Path = ()) -> set[Path]:
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return {path}.union(*(paths_of(part, (*path, step)) for step, part in steps))


@given(documents())
def test_every_written_document_is_indexed_as_it_was_written(written: Written) -> None:
    index = line_index(written.text)
    assert set(index) == paths_of(tomllib.loads(written.text))
    assert {path: index[path] for path in written.lines} == written.lines
