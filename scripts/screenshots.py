"""The pictures of the README, taken anew from a drill: `python -m scripts.screenshots [--people N]`.

Plays an invented district to the afternoon of 6 June, serves it on a free port, and photographs the screens in
headless Chromium. Everything in the pictures is invented.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.browser import ARGUMENTS, chromium

PICTURES = Path("docs") / "images"
UNTIL = "2022-06-06T16:30"
SHOTS = (
    ("wall", "wall", "/wall", 1920, 1080, "en"),
    ("hq", "commander", "/hq", 1366, 768, "en"),
    ("hq-zh", "commander", "/hq", 1366, 768, "zh"),
    ("round", "testing_leader", "/rounds/1", 1366, 768, "en"),
    ("missing", "testing_leader", "/rounds/1/missing", 1366, 768, "en"),
    ("activation", "commander", "/activation", 1366, 768, "en"),
)
"""name, role, address, width, height, language"""


def main() -> None:
    """Play, serve, photograph."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=71_702)
    with served_drill(options.parse_args().people, UNTIL) as (base, code):
        _photograph(base, code)


@contextmanager
def served_drill(people: int, until: str) -> Iterator[tuple[str, str]]:
    """A drill played to a moment and served; its address and the code of its role links."""
    with tempfile.TemporaryDirectory(prefix="firebreak-pictures-") as data:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment["FIREBREAK_DATA"] = data
        run = [sys.executable, "-m", "firebreak"]
        play = [*run, "drill", "covid-2022", "--people", str(people), "--until", until]
        subprocess.run(play, env=environment, check=True)
        port = _free_port()
        server = subprocess.Popen([*run, "up", "--port", str(port), "--no-work"], env=environment)
        try:
            code = json.loads((Path(data) / "folder.json").read_text("utf-8"))["code"]
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}", code
        finally:
            server.terminate()
            server.wait()


def _photograph(base: str, code: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        for shot in SHOTS:
            _take(browser, base, code, *shot)
        _sampling(browser, base, code)
        browser.close()


def _take(
    browser: Browser, base: str, code: str, name: str, role: str, address: str, width: int, height: int, language: str
) -> None:
    page = entered(browser, base, code, role, width, height, language)
    page.goto(base + address)
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.context.close()


def entered(browser: Browser, base: str, code: str, role: str, width: int, height: int, language: str) -> Page:
    """A page of somebody's own, past the door."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": "language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(f"{base}/demo/as/{role}?code={code}")
    return page


def _sampling(browser: Browser, base: str, code: str) -> None:
    """A phone at work: enrolled by the leader, one tube, three people who are still missing."""
    desk = entered(browser, base, code, "testing_leader", 1366, 768, "zh")
    desk.goto(f"{base}/rounds/1/missing?names=1")
    links = [link.get_attribute("href") or "" for link in desk.locator("main a[href*='/people/']").all()]
    people = list(dict.fromkeys(link.partition("/people/")[2][:12] for link in links))[:3]
    desk.goto(f"{base}/devices")
    desk.fill("[name=username]", "site-s01")
    desk.fill("[name=label]", "S01-9")
    desk.locator("main form button.btn-primary").first.click()
    link = desk.locator(".enrol-link").inner_text()
    phone = entered(browser, base, code, "sampler", 390, 844, "zh")
    phone.goto(link)
    phone.locator("a[href='/sample/S01']").click()
    phone.wait_for_selector("#line:not([hidden])")
    phone.wait_for_timeout(800)
    for scanned in ("FB1:T:T900001", *(f"FB1:P:{person}" for person in people)):
        phone.locator("#code").press_sequentially(scanned)
        phone.keyboard.press("Enter")
        phone.wait_for_timeout(800)
    phone.wait_for_timeout(1500)
    phone.screenshot(path=PICTURES / "sample.png")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
