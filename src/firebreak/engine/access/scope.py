"""Scope in queries: which rows of a list lie within the areas over which somebody holds a right."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from firebreak.kernel.actor import Actor

M = TypeVar("M", bound=Model)

_END = "\U0010ffff"


def within(queryset: QuerySet[M], by: Actor, permission: str, *, field: str = "area__path") -> QuerySet[M]:
    """The rows whose path (`field`) lies in an area where `by` holds the right; none when it holds it nowhere."""
    paths = by.areas(permission)
    if not paths:
        return queryset.none()
    if "/" in paths:
        return queryset
    lies = Q()
    for path in paths:
        lies |= prefixed(field, path)
    return queryset.filter(lies)


def prefixed(field: str, prefix: str) -> Q:
    """`field` begins with `prefix`, in the form the database answers from an index.

    SQLite compares text by bytes, so a half-open range uses any index; PostgreSQL sorts by locale and needs
    LIKE with a `varchar_pattern_ops` index (Django makes one for every unique or indexed text column).
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": prefix})
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + _END})
