"""How staff pages name those who act and those who owe: accounts, posts and their holders."""

from collections.abc import Iterable

from firebreak.engine.access.models import Account
from firebreak.engine.units.contacts import recipient_address
from firebreak.engine.units.models import Post
from firebreak.kernel.refs import kind_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.shapes import Owner
from firebreak.surfaces.common.words import Words

PROGRAM = T("系统自动", "the program")
NOBODY = T("空岗,无人负责", "no holder")


def names_of(refs: Iterable[str]) -> dict[str, Words]:
    """Who stands behind each ref of an actor; one query."""
    wanted = set(refs)
    found: dict[str, Words] = dict(Account.objects.filter(ref__in=wanted).values_list("ref", "name"))
    return {ref: found.get(ref) or (PROGRAM if kind_of(ref) == "system" else ref) for ref in wanted}


def name_of(ref: str) -> Words:
    """Who stands behind the ref of an actor."""
    return names_of([ref])[ref]


def owner_of(post: Post, *, call: bool = False) -> Owner:
    """A post with its holder, and with `call` the number to ring. The holder must be at hand (no query)."""
    words = T(post.name_zh, post.name_en)
    if post.holder is None:
        return Owner(words, NOBODY)
    return Owner(words, post.holder.name, recipient_address(post.holder) if call else "")


def post_words(post: Post) -> T:
    """核酸检测专班 · 采样岗 / unit · post; the post with its unit loaded."""
    return T(f"{post.unit.name_zh} · {post.name_zh}", f"{post.unit.name_en} · {post.name_en}")
