"""Rights over tasks."""

from firebreak.kernel.permissions import declare

READ_TASKS = declare("tasks.read", "查看任务", "See tasks")
ASSIGN_TASKS = declare("tasks.assign", "转派任务、改期限", "Give tasks to others and change deadlines")
