"""What no file of the repository says, and what every sentence for people must have: both languages."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))

# Written in pieces, so that this file does not say them either.
UNSAID = [
    "pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian", "archive." + "ubuntu",
    "/wo" + "rk/", "shared/" + "design", "chat" + "gpt", "clau" + "de", "anth" + "ropic", "co" + "pilot",
    "language " + "model", "as an " + "ai", "this se" + "ssion of the project", "prompt " + "engineering",
]  # fmt: skip
NEVER_SHOWN = {
    "en": ["entity", "sync conflict", "invalid", "forbidden", "error 500"],
    "zh": ["非法", "请稍候重试"],
}


def tracked_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    texts = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 2_000_000 and "/vendor/" not in name:
            try:
                texts.append((name, path.read_text("utf-8").lower()))
            except UnicodeDecodeError:
                continue
    return texts


def test_no_file_names_a_registry_or_a_place_of_its_making() -> None:
    found = [(name, word) for name, text in tracked_texts() for word in UNSAID if word in text]
    assert found == []


def sentences(path: Path) -> list[tuple[int, str | None, str | None]]:
    """Every `T(zh, en)` and `declare(key, zh, en)` written out in a file: line, Chinese, English."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"T", "declare"}:
            arguments = [_literal(argument) for argument in node.args]
            arguments += [_literal(keyword.value) for keyword in node.keywords if keyword.arg in {"zh", "en"}]
            pair = arguments[-2:] if len(arguments) >= 2 else [None, None]
            found.append((node.lineno, pair[0], pair[1]))
    return found


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _places(text: str) -> set[str]:
    """Names of places; `{why_zh}` and `{why_en}`, or `{zh}` and `{en}`, are the same place."""
    return {re.sub("(^|_)(zh|en)$", "", name) for name in re.findall(r"\{(\w+)[^}]*\}", text)}


def pairs() -> list[tuple[str, str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{line}", zh, en)
        for path in SOURCES
        for line, zh, en in sentences(path)
        if zh is not None and en is not None
    ]


def test_there_are_sentences_to_check() -> None:
    assert len(pairs()) > 50


def test_every_sentence_has_both_languages() -> None:
    assert [where for where, zh, en in pairs() if bool(zh.strip()) != bool(en.strip())] == []


def test_both_languages_fill_the_same_places() -> None:
    assert [where for where, zh, en in pairs() if _places(zh) != _places(en)] == []


def test_english_holds_no_chinese_sentence() -> None:
    assert [where for where, _, en in pairs() if re.search("[\u4e00-\u9fff]{6,}", en)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_uses_a_word_that_is_never_shown(language: str) -> None:
    found = []
    for where, zh, en in pairs():
        text = (zh if language == "zh" else en).lower()
        whole = r"\b{}\b" if language == "en" else "{}"
        found += [(where, word) for word in NEVER_SHOWN[language] if re.search(whole.format(word), text)]
    assert found == []
