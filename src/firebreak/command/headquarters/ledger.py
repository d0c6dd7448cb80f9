"""Figures of orders. What they owe is in the book of tasks, where an order is a task of kind `order`."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from firebreak.command.headquarters import queries
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.rights import READ_ORDERS
from firebreak.engine.ledgers.registry import Figure, Row, register_figure
from firebreak.kernel.clock import iso
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.text import T

_COLUMNS = {
    "number": T("序号", "Number"), "document": T("文号", "Document"), "title_zh": T("标题", "Title (zh)"),
    "title_en": T("标题(英文)", "Title (en)"), "unit": T("单位", "Unit"), "issued_at": T("下达时间", "Issued"),
    "review_on": T("复核日期", "Review on"),
}
_HXL = {"number": "#activity+code", "unit": "#org+code", "issued_at": "#date+issued", "review_on": "#date+review"}
Chosen = Callable[[Cutoff], QuerySet[Order]]


def _rows(orders: QuerySet[Order]) -> Iterator[Row]:
    for order in orders.select_related("unit"):
        yield {
            "number": order.number, "document": order.document_number, "title_zh": order.title_zh,
            "title_en": order.title_en, "unit": order.unit.key, "issued_at": iso(order.issued_at),
            "review_on": order.review_on.isoformat(),
        }


def order_figure(name: str, title: T, chosen: Chosen) -> Figure:
    """A figure that counts chosen orders; a domain above may enter one of its own."""
    return Figure(
        name=name, title=title, unit=T("件", "orders"), count=lambda cutoff: chosen(cutoff).count(),
        rows=lambda cutoff: _rows(chosen(cutoff)), columns=_COLUMNS, permission=READ_ORDERS, hxl=_HXL,
    )


def register() -> None:
    """Enter the figures; called once when Django starts."""
    register_figure(order_figure("orders-issued", T("下达指令", "Orders issued"), queries.issued_at))
    register_figure(order_figure("orders-open", T("在办指令", "Orders open"), queries.open_at))
    register_figure(order_figure("orders-overdue", T("逾期指令", "Orders overdue"), queries.overdue_at))
    register_figure(order_figure("orders-unread", T("未阅指令", "Orders unread"), queries.unread_at))
