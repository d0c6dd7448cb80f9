"""Every screen, in both languages, at a desk and on a phone: `python -m scripts.gallery [--people N]`.

Plays an invented district to the noon of 9 June, photographs each screen four times in headless Chromium and puts the four on one
sheet in `docs/screens`, with an index. Everything in the pictures is invented.
"""

import argparse
import base64
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scripts.browser import ARGUMENTS, chromium
from scripts.screenshots import entered, served_drill

SHEETS, UNTIL = Path("docs") / "screens", "2022-06-09T12:00"
DESK, PHONE = (1366, 768), (390, 844)
LOOKS = tuple((size, language) for language in ("zh", "en") for size in (DESK, PHONE))
SCREENS: tuple[tuple[str, str, str, str, str], ...] = (
    ("headquarters", "commander", "/hq", "", "指挥部 Headquarters"),
    ("since", "commander", "/since", "", "有什么变化 What changed"),
    ("duty", "duty_officer", "/duty", "", "值班 Duty desk"),
    ("signals", "commander", "/activation", "", "预警与启动 Signals and activation"),
    ("consultations", "commander", "/consultations", "", "会商 Consultations"),
    ("consultation", "commander", "/consultations", "main a.row-link", "一次会商 A consultation"),
    ("orders", "commander", "/orders", "", "指令 Orders"),
    ("order", "commander", "/orders?state=ended", "main a.row-link", "一件指令 An order"),
    ("lanes", "commander", "/orders/lanes", "", "指令泳道 Orders over time"),
    ("tasks", "commander", "/tasks", "", "任务 Tasks"),
    ("owed", "commander", "/owed", "", "谁欠什么 Who owes what"),
    ("decisions", "commander", "/approvals", "", "待批 Decisions"),
    ("map", "commander", "/map", "", "地图 Map"),
    ("zones", "commander", "/zones", "", "分区 Zones"),
    ("zone", "commander", "/zones", "main a.row-link", "一个分区 A zone"),
    ("rounds", "testing_leader", "/rounds", "", "轮次 Rounds"),
    ("round", "testing_leader", "/rounds/4", "", "一轮 A round"),
    ("missing", "testing_leader", "/rounds/4/missing?names=1", "", "还差谁 Still missing"),
    ("round-open", "testing_leader", "/rounds/open", "", "开一轮 Open a round"),
    ("specimens", "testing_leader", "/specimens", "", "标本 Specimens"),
    ("labels", "testing_leader", "/specimens/labels", "", "标签 Labels"),
    ("laboratories", "testing_leader", "/laboratories", "", "检测机构 Laboratories"),
    ("controls", "inspector", "/laboratories/controls?round=3", "", "盲样 Blind controls"),
    ("results", "testing_leader", "/results", "", "检测结果 Results"),
    ("pools", "testing_leader", "/pools", "", "阳性混管 Positive pools"),
    ("pool", "testing_leader", "/pools", "main a.row-link", "一支阳性混管 A positive pool"),
    ("me", "testing_leader", "/me", "", "居民查结果 A resident's result"),
    ("units", "commander", "/units", "", "组织与岗位 Units and posts"),
    ("badges", "duty_officer", "/units/badges", "", "工作证 Badges"),
    ("gate", "task_force_leader", "/gate", "", "验证证件 The gate"),
    ("musters", "commander", "/musters", "main a.row-link", "集结 A muster"),
    ("inspections", "inspector", "/inspections", "", "督导 Inspection"),
    ("calendar", "duty_officer", "/calendar", "", "日历 Calendar"),
    ("recognition", "duty_officer", "/recognition?who=all", "", "表扬名单 Recognition"),
    ("weather", "duty_officer", "/weather", "", "天气 Weather"),
    ("register", "register_clerk", "/register/coverage", "", "底册与普查 Register and census"),
    ("duplicates", "register_clerk", "/people/duplicates", "", "疑似重复 Entered twice"),
    ("imports", "register_clerk", "/import", "", "导入名单 Import lists"),
    ("books", "commander", "/ledgers", "", "账本 Books"),
    ("reports", "commander", "/reports", "", "日报 Daily reports"),
    ("report", "commander", "/reports", "main a.row-link", "一份日报 A daily report"),
    ("figures", "commander", "/figures", "", "数字 Figures"),
    ("ics", "commander", "/ics", "", "ICS 表单 ICS papers"),
    ("briefs", "duty_officer", "/briefs", "", "新闻简报 News briefs"),
    ("publishing", "commander", "/publishing", "", "对外公布 The public page's desk"),
    ("plans", "commander", "/plans", "", "预案 Plans"),
    ("closing", "commander", "/closing", "", "降级与解除 Levels and closing"),
    ("journal", "commander", "/journal", "", "凭证 Journal"),
    ("drill", "commander", "/drill", "", "演练 The drill"),
    ("wall", "wall", "/wall", "", "大屏 The wall"),
)
"""name, role, address, a link to follow from there ("" for none), title"""


def main() -> None:
    """Play, serve, photograph, write the index."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1_500)
    options.add_argument("--only", nargs="+", help="Screens by name.")
    chosen = options.parse_args()
    screens = [one for one in SCREENS if not chosen.only or one[0] in chosen.only]
    SHEETS.mkdir(parents=True, exist_ok=True)
    with served_drill(chosen.people, UNTIL) as (base, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        for name, role, address, link, _ in screens:
            shots = [_shot(browser, base, code, role, address, link, *look) for look in LOOKS]
            _sheet(browser, shots, SHEETS / f"{name}.jpg")
        browser.close()
    (SHEETS / "README.md").write_text(index(), "utf-8")


def index() -> str:
    """The page that shows every sheet."""
    lines = [
        "# Screens 界面", "",
        "Each sheet: Chinese at a desk and on a phone, English at a desk and on a phone; taken by `make gallery` from a",
        "drill of 1,500 invented people at noon of 9 June. People and places are invented.", "",
    ]
    for name, _, _, _, title in SCREENS:
        lines += [f"## {title}", "", f"![{title}]({name}.jpg)", ""]
    return "\n".join(lines)


def _shot(
    browser: Browser, base: str, code: str, role: str, address: str, link: str, size: tuple[int, int], language: str
) -> bytes:
    page = entered(browser, base, code, role, *size, language)
    answer = page.goto(base + address)
    if link and page.locator(link).count():
        page.goto(base + (page.locator(link).first.get_attribute("href") or ""))
    if answer is None or answer.status >= 400:
        raise SystemExit(f"{address}: {answer.status if answer else 'no answer'}")
    page.wait_for_timeout(900)
    shot = page.screenshot(type="jpeg", quality=80)
    page.context.close()
    return shot


def _sheet(browser: Browser, shots: list[bytes], target: Path) -> None:
    """The four side by side at half their size."""
    page = browser.new_page(viewport={"width": 1920, "height": 430})
    tags = "".join(
        f'<img style="height:422px" src="data:image/jpeg;base64,{base64.b64encode(shot).decode()}">' for shot in shots
    )
    page.set_content(f'<body style="margin:4px;display:flex;gap:6px;background:#fff">{tags}</body>')
    page.wait_for_timeout(100)
    page.screenshot(path=target, type="jpeg", quality=62)
    page.close()


if __name__ == "__main__":
    main()
