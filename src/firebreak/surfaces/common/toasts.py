"""What was just done, told once on the next page or fragment, with Undo where the act can be taken back.

Undo is a promise of ten seconds; the action behind the URL refuses later presses, this module only shows it.
"""

import json
import time
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

from firebreak.kernel.text import T, language

UNDO_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Toast:
    """One line: words, and where to take the act back, while `seconds` last."""

    words: str
    undo_url: str = ""
    seconds: int = 0
    tone: str = ""


def tell(request: HttpRequest, words: T, *, tone: str = "") -> None:
    """Say `words` on the next page."""
    _keep(request, words, "", tone)


def offer_undo(request: HttpRequest, words: T, undo_url: str) -> None:
    """Say `words` and offer Undo (a POST to `undo_url`) for ten seconds from now."""
    _keep(request, words, undo_url, "")


def _keep(request: HttpRequest, words: T, undo_url: str, tone: str) -> None:
    kept = {"zh": words.zh, "en": words.en, "undo": undo_url, "tone": tone, "told": time.time()}
    messages.info(request, json.dumps(kept, ensure_ascii=False), extra_tags="firebreak")


def waiting(request: HttpRequest | None) -> list[Toast]:
    """The lines not yet told to this reader; reading empties the list."""
    if request is None or not hasattr(request, "_messages"):
        return []
    return [_read(message.message) for message in messages.get_messages(request)]


def _read(text: str) -> Toast:
    try:
        kept = json.loads(text)
        left = max(0, UNDO_SECONDS - int(time.time() - kept["told"])) if kept["undo"] else 0
        return Toast(kept[language()], kept["undo"] if left else "", left, kept["tone"])
    except (ValueError, TypeError, KeyError):
        return Toast(str(text))
