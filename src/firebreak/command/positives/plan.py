"""The positives section of a plan pack: the orders, the proposal and the signal that follow a positive."""

from collections.abc import Iterator

from firebreak.command.activation.plan import ActivationSection
from firebreak.engine.plans.sections import Misfit, Neighbours, Section, register_section, unknown_key
from firebreak.engine.plans.values import Cited, Key, Minutes, Words
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.text import T
from firebreak.operations.zones.plan import ZonesSection


class PositivesSection(Section):
    """What follows when a pool or a person is positive."""

    squad_unit: Key
    """Unit that is ordered to swab everybody of a positive pool alone."""
    notify_unit: Key
    """Unit that is ordered to see that they stay in, and that their building knows."""
    order_title: Cited[Words]
    """Title of the order to swab; `{tube}`, `{people}`."""
    order_text: Cited[Words]
    """Its text."""
    notice_title: Cited[Words]
    """Title of the order to the unit on the spot; `{tube}`, `{people}`."""
    notice_text: Cited[Words]
    """Its text."""
    swab_within_minutes: Cited[Minutes]
    """Minutes until everybody of the pool is swabbed alone, and told."""
    propose_tier: Key | None = None
    """Tier put before whoever proposes zones, for the buildings of the pool; nothing is set by machine."""
    person_signal_kind: Key
    """Kind of signal that a positive person is."""
    tracing_unit: Key
    """Unit that traces whoever lives with them."""
    trace_within_minutes: Cited[Minutes]
    """Minutes it has for that."""

    def misfits(self, pack: Neighbours) -> Iterator[Misfit]:
        """Units, tiers and kinds of signal that nobody has."""
        units, zones, activation = pack.find(UnitsSection), pack.find(ZonesSection), pack.find(ActivationSection)
        if units is not None:
            for name in ("squad_unit", "notify_unit", "tracing_unit"):
                if getattr(self, name) not in units.unit_keys:
                    yield unknown_key((name,), getattr(self, name), T("单位", "unit"))
        if zones is not None and self.propose_tier is not None and self.propose_tier not in zones.ranks:
            yield unknown_key(("propose_tier",), self.propose_tier, T("分区等级", "tier"))
        if activation is not None and self.person_signal_kind not in {one.key for one in activation.signal_kinds}:
            yield unknown_key(("person_signal_kind",), self.person_signal_kind, T("信号类别", "kind of signal"))


register_section("positives", PositivesSection)
