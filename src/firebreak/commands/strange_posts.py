"""The roster and the plan may come in either order; whichever comes second says whom no post waits for."""

from firebreak.commands import say
from firebreak.kernel.text import T

_SHOWN = 20
_STRANGE = T(
    "花名册里这些岗位编号是已采用的预案在本区没有的({n} 个):{posts}。人已登记,但启动时不会上岗。"
    "用 firebreak plan posts 写出本区的岗位表来填。",
    "Post codes of the roster that no adopted plan has in this district ({n}): {posts}. Their people are registered but"
    " will not be posted at activation. `firebreak plan posts` writes the posts of this district as a roster to fill in.",
)


def warn_of_strange_posts() -> None:
    """People whose post no adopted plan has in this district would stay without one: better said now than at night."""
    from firebreak.command.activation.queries import strange_posts

    strange = strange_posts()
    if strange:
        say(_STRANGE.filled(n=len(strange), posts="、".join(strange[:_SHOWN])), error=True)
