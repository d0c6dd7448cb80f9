"""What every template of the program owes its readers: both languages, and no inline script or style."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src/firebreak"
# A report is a file that is printed and mailed: it carries both languages side by side and its own style.
ALONE = {"command/reports/templates/reports/daily.html"}
TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*.html") if str(path.relative_to(SOURCE)) not in ALONE)
SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-tip")

# Words that are the same in both languages, or stand in both side by side.
SAME = {
    "ctrl",
    "esc",
    "zh",
    "en",
    "csv",
    "json",
    "xlsx",
    "id",
    "qr",
    "pdf",
    "english",
    "中文",
    "演练",
    "drill",
    "svg",
    "firebreak",
    "无漏",
    "code",
    "totp",
    "hxl",
    "geojson",
    "utf-8",
    "gbk",
    "gb18030",
    "sha-256",
}


def bare_words(source: str) -> list[str]:
    """Words a reader would see that no tag has chosen the language of."""
    source = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", " ", source, flags=re.DOTALL)
    source = re.sub(
        r"\{%\s*block (theme|main_class|orientation) %\}.*?\{%\s*endblock %\}", " ", source, flags=re.DOTALL
    )
    source = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", source, flags=re.DOTALL)
    attributes = re.findall(rf'\s(?:{"|".join(SPOKEN)})="([^"]*)"', source)
    text = re.sub(r"<[^>]*>", "\n", source)
    words = re.findall(r"[A-Za-z][A-Za-z0-9-]+|[\u3400-\u9fff]+", "\n".join([text, *attributes]).replace("&nbsp;", " "))
    return [word for word in words if word.lower() not in SAME and not re.fullmatch(r"[A-Z0-9]+-?[0-9]*", word)]


def places(text: str) -> list[str]:
    """The places to be filled; `{zh}` and `{en}` hold the same name in its two languages."""
    return sorted({"name" if place in ("zh", "en") else place for place in re.findall(r"\{(\w+)\}", text)})


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "/gallery/" not in str(path)], ids=name)
def test_template_has_no_words_outside_a_language_tag(path: Path) -> None:
    assert bare_words(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_keeps_the_content_policy(path: Path) -> None:
    source = path.read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", source) == []
    assert re.findall(r"<style\b|\sstyle=\"|\son[a-z]+=\"|javascript:|hx-on", source) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", source) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_both_languages_of_a_tag_have_the_same_places(path: Path) -> None:
    for zh, en in re.findall(r'\{%\s*t\s+"([^"]*)"\s+"([^"]*)"', path.read_text("utf-8")):
        assert places(zh) == places(en), (zh, en)
        assert not re.search(r"[\u3400-\u9fff]", en.replace("中文", "")), en


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Save</p>", ["Save"]),
        ('<input placeholder="姓名">', ["姓名"]),
        ('{% t "保存" "Save" %}<b class="late">{{ name }}</b>', []),
        ("<!-- note --><kbd>Ctrl K</kbd>", []),
    ],
)
def test_bare_words_are_found(source: str, found: list[str]) -> None:
    assert bare_words(source) == found
