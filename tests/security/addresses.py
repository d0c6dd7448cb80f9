"""Every address of the program, from the URLs themselves, and the table of who may use it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver

from firebreak.engine.access.roles import BY_KEY

TABLE = Path(__file__).with_name("matrix.toml")
SAMPLES = {"int": "1", "slug": "none0", "str": "none0", "path": "none0", "uuid": "0190f3a0-0000-7000-8000-000000000000"}
EVERYBODY = ("anonymous", "no-role", *BY_KEY)


@dataclass(frozen=True)
class Address:
    """One URL: its name, a sample of it, and the view behind it."""

    name: str
    path: str
    view: Any


def addresses(patterns: Sequence[URLPattern | URLResolver], prefix: str = "/") -> Iterator[Address]:
    """All URLs below these patterns, each with its places filled."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
            continue
        converters = pattern.pattern.converters

        def sample(place: "re.Match[str]", known: dict[str, Any] = converters) -> str:
            kind, name = place.group(1), place.group(2)
            return SAMPLES.get(kind or "str") or known[name].regex.strip("()?:").split("|")[0]

        path = re.sub(r"<(?:(\w+):)?(\w+)>", sample, route)
        yield Address(pattern.name or path, path, pattern.callback)


def table() -> dict[str, dict[str, list[str]]]:
    """name → method → who is let in; `everybody` and `accounts` are spelt out."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    known = groups()
    return {
        name: {method: sorted(known[who] if isinstance(who, str) else who) for method, who in methods.items()}
        for name, methods in read["pages"].items()
    }


def groups() -> dict[str, list[str]]:
    """Names for sets of roles that many lines share."""
    written: dict[str, list[str]] = tomllib.loads(TABLE.read_text("utf-8"))["groups"]
    return {"everybody": list(EVERYBODY), "accounts": [who for who in EVERYBODY if who != "anonymous"], **written}


def exempt() -> list[str]:
    """Names of the URLs that take unsafe requests without a form token, because a device token is asked instead."""
    return list(tomllib.loads(TABLE.read_text("utf-8"))["without_form_token"])
