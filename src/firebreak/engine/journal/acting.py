"""The one way to change state: `@action`, `record`, and the client key that makes a repeat harmless."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.db import IntegrityError, connection, transaction

from firebreak.engine import bulk
from firebreak.engine.journal.models import Act, Answer, Event
from firebreak.kernel import clock
from firebreak.kernel.actor import Actor
from firebreak.kernel.refusals import Refusal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = ParamSpec("P")
R = TypeVar("R")

SEAL_LOCK = 7_301_990_155

_act: ContextVar[Act | None] = ContextVar("act", default=None)
_key: ContextVar[str | None] = ContextVar("client_key", default=None)


class SilentAct(RuntimeError):
    """An action finished without journaling anything: a bug, and its transaction is rolled back."""


@contextmanager
def keyed(key: str) -> Iterator[None]:
    """Acts in this block carry a client key: a second arrival of a done act returns its first outcome."""
    token = _key.set(key)
    try:
        yield
    finally:
        _key.reset(token)


def action(perform: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword-only function with `by` and `at` the entrance of one act.

    One transaction around the change and its events; joins the act already running; refuses to commit in
    silence; a refusal rolls back and is journaled on its own, leaving the client key free. The outcome must
    be JSON, because a repeat with the same key returns it from the journal.
    """
    name = f"{perform.__module__.split('.')[-2]}.{perform.__name__}"

    @wraps(perform)
    def entrance(*args: P.args, **kwargs: P.kwargs) -> R:
        if _act.get() is not None:
            return perform(*args, **kwargs)
        by, at, key = cast(Actor, kwargs["by"]), cast(datetime, kwargs["at"]), _key.get()
        try:
            with transaction.atomic():
                hold_off_seals()
                if key and (answer := Answer.objects.filter(act__key=key).first()):
                    return cast(R, answer.result)
                outcome = _perform(_open(name, by, at, key), lambda: perform(*args, **kwargs))
                if key:
                    Answer.objects.create(act=Act.objects.get(key=key), result=outcome)
                return outcome
        except Refusal as refusal:
            _journal_refusal(name, by, at, refusal)
            raise
        except IntegrityError:
            if key and (answer := Answer.objects.filter(act__key=key).first()):
                return cast(R, answer.result)
            raise

    return entrance


def record(fact: "DataclassInstance", *, about: str) -> Event:
    """Journal what the running act made true. Errors: `LookupError` outside an action."""
    act = current_act()
    act.spoken = True
    return _write_event(act, type(fact).__name__, about, plain(asdict(fact)))


def current_act() -> Act:
    """The running act; its `id` is the position that append-only rows store. Errors: `LookupError`."""
    act = _act.get()
    if act is None:
        raise LookupError("state changes only inside an @action")
    return act


def acting_now() -> bool:
    """Whether an action is running in this context."""
    return _act.get() is not None


def hold_off_seals() -> None:
    """Share the seal lock until the transaction ends, so a seal never passes an act still in flight."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SEAL_LOCK])


def plain(value: Any) -> Any:
    """A payload as JSON values: moments and days as ISO text, tuples as lists."""
    if isinstance(value, datetime):
        return clock.iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _open(name: str, by: Actor, at: datetime, key: str | None) -> Act:
    return _write_act(Act(key=key, name=name, by=by.ref, at=at, received_at=clock.now(), outcome="done"))


def _perform(act: Act, perform: Callable[[], R]) -> R:
    token = _act.set(act)
    try:
        outcome = perform()
    finally:
        _act.reset(token)
    if not act.spoken:
        raise SilentAct(act.name)
    return outcome


def _journal_refusal(name: str, by: Actor, at: datetime, refusal: Refusal) -> None:
    with transaction.atomic():
        hold_off_seals()
        act = _write_act(Act(
            name=name, by=by.ref, at=at, received_at=clock.now(), outcome="refused", refusal=refusal.code
        ))
        _write_event(act, "ActRefused", by.ref, {"code": refusal.code})


def _write_act(act: Act) -> Act:
    """Insert by a statement written out: every change of state pays for it."""
    act.pk = bulk.fetch(
        'INSERT INTO journal_act (key, name, "by", at, received_at, outcome, refusal)'
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [act.key, act.name, act.by, bulk.moment(act.at), bulk.moment(act.received_at), act.outcome, act.refusal],
    )[0][0]
    return act


def _write_event(act: Act, kind: str, about: str, payload: Any) -> Event:
    event = Event(act=act, type=kind, about=about, payload=payload)
    event.pk = bulk.fetch(
        "INSERT INTO journal_event (act_id, type, about, payload) VALUES (%s, %s, %s, %s) RETURNING id",
        [act.pk, kind, about, json.dumps(payload)],
    )[0][0]
    return event
