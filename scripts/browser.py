"""Finds a Chromium and Chinese fonts for browser tests and screenshots, or installs them where it may.

It never asks; when it can do nothing it raises with the one sentence that helps.
"""

import os
import shutil
import subprocess
import sys

from scripts.postgres import install_packages

NO_BROWSER = (
    "没有 Chromium。请运行:sudo apt-get install -y chromium fonts-noto-cjk,然后再试。\n"
    "There is no Chromium. Run: sudo apt-get install -y chromium fonts-noto-cjk, then try again."
)
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class NoBrowser(RuntimeError):
    """No Chromium was found and none could be installed; the message says what to do."""


def chromium() -> str | None:
    """Path of a Chromium; `None` means the one the browser tool downloaded. Errors: `NoBrowser`."""
    _bring_fonts()
    if found := _installed():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_packages("chromium", "fonts-noto-cjk")
        if found := _installed():
            return found
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0:
        return None
    raise NoBrowser(NO_BROWSER)


def _installed() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        # Ubuntu's chromium-browser is a door to a snap; it answers only where snaps run.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def _bring_fonts() -> None:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
        if listed.stdout.strip():
            return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_packages("fonts-noto-cjk", "fontconfig")


if __name__ == "__main__":
    print(chromium() or "playwright")
