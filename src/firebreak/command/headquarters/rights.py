"""Rights over orders."""

from firebreak.kernel.permissions import declare

READ_ORDERS = declare("orders.read", "查看指令", "See orders")
ISSUE_ORDERS = declare("orders.issue", "下达、撤销指令", "Issue and cancel orders")
WORK_ORDERS = declare("orders.work", "接收、办理指令", "Accept and work on orders")
