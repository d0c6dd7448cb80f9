"""The messages section of a plan pack: what is sent, in which words, by which channels in which order.

Sends nothing. Whether a channel exists is a setting of the installation, not of the plan.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from firebreak.engine.plans.sections import Misfit, Neighbours, Section, by_key, register_section
from firebreak.engine.plans.texts import misfits_of_places
from firebreak.engine.plans.values import Cited, Minutes, Named, NamedText, PlanModel

ChannelKey = Literal["sms", "mail", "print", "log"]


class Channel(Named):
    """A way by which a message goes out."""

    key: ChannelKey
    """Name of the channel."""
    retry_after_minutes: Cited[Minutes]
    """Minutes between two tries."""
    tries_at_most: Cited[Annotated[int, Field(ge=1)]]
    """Tries before the next channel is taken."""


class Template(Named):
    """One kind of message."""

    channels: tuple[ChannelKey, ...] = Field(min_length=1)
    """Channels in the order in which they are tried."""
    text: NamedText
    """The words, with `{places}`."""
    places: tuple[str, ...] = ()
    """Places that the sender fills."""


class CallTree(PlanModel):
    """The printed list by which people ring each other when nothing else works."""

    text: NamedText
    """Head of the printed sheet, with `{places}`."""
    places: tuple[str, ...] = ()
    """Places that the printer fills."""
    people_per_caller_at_most: Cited[Annotated[int, Field(ge=1)]]
    """People one person rings; more make another branch."""
    attempts: Cited[Annotated[int, Field(ge=1)]]
    """Attempts before the caller reports one step up."""
    wait_minutes: Cited[Minutes]
    """Minutes between two attempts."""


class MessagesSection(Section):
    """Channels, templates and the call tree."""

    channels: tuple[Channel, ...] = Field(min_length=1)
    """The channels the plan counts on."""
    templates: tuple[Template, ...] = Field(min_length=1)
    """The messages."""
    call_tree: CallTree
    """The paper fallback."""

    def template(self, key: str) -> Template:
        """A template by key. Errors: `LookupError`."""
        return by_key(self.templates, key)

    def channel(self, key: str) -> Channel:
        """A channel by key. Errors: `LookupError`."""
        return by_key(self.channels, key)

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Texts with places nobody fills."""
        for number, template in enumerate(self.templates):
            yield from misfits_of_places(("templates", number, "text"), pack.text(template.text), template.places)
        yield from misfits_of_places(("call_tree", "text"), pack.text(self.call_tree.text), self.call_tree.places)


register_section("messages", MessagesSection)
