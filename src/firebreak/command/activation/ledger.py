"""Figures of signals and responses."""

from collections.abc import Iterator
from dataclasses import replace

from firebreak.command.activation import queries
from firebreak.command.activation.rights import READ_ACTIVATION
from firebreak.command.headquarters.ledger import order_figure
from firebreak.engine.ledgers.registry import Figure, Row, register_figure
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T


def _signals(cutoff: Cutoff) -> Iterator[Row]:
    for signal in queries.signals_at(cutoff).select_related("area"):
        yield {
            "signal": signal.ref, "kind": signal.kind, "area": signal.area.code,
            "received_at": iso(signal.received_at), "status": signal.status,
        }


def _responses(cutoff: Cutoff) -> Iterator[Row]:
    for response in queries.responses_at(cutoff):
        yield {
            "response": response.ref, "area": response.area.code, "level": response.level,
            "received_at": iso(response.signal.received_at), "activated_at": iso(response.activated_at),
            "minutes": queries.minutes_to_activation(response),
        }


def _responses_figure(name: str, title: T, unit: T) -> Figure:
    return Figure(
        name=name, title=title, unit=unit,
        count=lambda cutoff: queries.responses_at(cutoff).count(), rows=_responses,
        columns={
            "response": T("编号", "Response"), "area": T("辖区", "Area"), "level": T("级别", "Level"),
            "received_at": T("接报时间", "Signal received"), "activated_at": T("启动时间", "Activated"),
            "minutes": T("从预警到启动(分钟)", "Minutes from signal to activation"),
        },
        permission=READ_ACTIVATION, hxl={"response": "#event+code", "activated_at": "#date+start"},
    )


def register() -> None:
    """Enter the figures; called once when Django starts."""
    register_figure(Figure(
        name="signals-taken", title=T("预警", "Signals"), unit=T("条", "signals"),
        count=lambda cutoff: queries.signals_at(cutoff).count(), rows=_signals,
        columns={
            "signal": T("编号", "Signal"), "kind": T("类别", "Kind"), "area": T("辖区", "Area"),
            "received_at": T("接报时间", "Received"), "status": T("状态", "State"),
        },
        permission=READ_ACTIVATION, hxl={"signal": "#event+code", "received_at": "#date+reported"},
    ))
    register_figure(_responses_figure("responses-active", T("启动中的应急响应", "Active responses"), T("个", "responses")))
    minutes = _responses_figure(
        "activation-minutes", T("从接报到启动", "From signal to activation"), T("分钟", "minutes")
    )
    register_figure(replace(minutes, measure=queries.minutes_at))
    register_figure(order_figure(
        "orders-of-response", T("本次响应的指令", "Orders of this response"), queries.orders_at
    ))
