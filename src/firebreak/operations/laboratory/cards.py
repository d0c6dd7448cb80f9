"""The card of a laboratory's counter: signed, so that a phone without a network knows whom a bag is given to."""

import json
from datetime import datetime

from django.conf import settings

from firebreak.engine.units.badges import member_of
from firebreak.kernel.signing import Signer, bytes_of, text_of
from firebreak.operations.laboratory.models import Laboratory

PREFIX, PURPOSE = "FB1:L:", "laboratory"


def signer() -> Signer:
    """Whoever signs laboratories' cards here."""
    return Signer(settings.VAULT, PURPOSE)


def card_of(laboratory: Laboratory) -> str:
    """What the QR of the counter's card says."""
    facts = [laboratory.code, laboratory.name_zh, laboratory.name_en]
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return PREFIX + text_of(body) + "." + text_of(signer().sign(body))


def taker_of(code: str, at: datetime) -> tuple[str, Laboratory | None] | None:
    """Who takes over, from a badge or a counter's card; None when neither is true and good. Two queries at most."""
    if not code.startswith(PREFIX):
        member = member_of(code, at)
        return (member, None) if member is not None else None
    body, _, signature = code.removeprefix(PREFIX).partition(".")
    try:
        content, signed = bytes_of(body), bytes_of(signature)
    except ValueError:
        return None
    if not signer().made(content, signed):
        return None
    laboratory = Laboratory.objects.filter(code=json.loads(content)[0], tubes_a_day__gt=0).first()
    return (laboratory.ref, laboratory) if laboratory is not None else None
