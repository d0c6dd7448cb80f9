"""Rights over reports and figures."""

from firebreak.kernel.permissions import declare

READ_REPORTS = declare("reports.read", "查看日报", "Read reports")
RENDER_REPORT = declare("reports.render", "出日报", "Render the daily report")
OPEN_FIGURES = declare("figures.open", "打开数字背后的明细", "Open the rows behind a figure")
