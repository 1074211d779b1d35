"""What the tests need beside Python, found or installed: Chromium, and strace where Debian has it.

Run before the tests: `python -m tests.chromium`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What Playwright switches off by itself: a second such list replaces the first.
_OFF_BY_PLAYWRIGHT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
# Pages of the browser's own address bar, which nobody sees: half of the processor time of every new tab.
_OFF = (*_OFF_BY_PLAYWRIGHT, "WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
ARGUMENTS = [
    "--no-sandbox",
    f"--disable-features={','.join(_OFF)}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page of a test is left before what is compiled for long use has paid: a tenth of the processor time of all browsers.
FOR_SHORT_VISITS = "--js-flags=--no-opt --no-maglev"


def find() -> str | None:
    """The path of a Chromium: the one CHROMIUM names, one on the PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if shutil.which(named) else None
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def install(*packages: str) -> None:
    """Debian's packages when this is root on Debian, else Playwright's download of Chromium; what fails shows later."""
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False)
        subprocess.run(["apt-get", "install", "-q", "-y", *packages], env=quiet, check=False)
    elif "chromium" in packages:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if os.environ.get("CHROMIUM") and not find():
        sys.exit(f"CHROMIUM names {os.environ['CHROMIUM']}, which cannot be run: correct it, or unset it.")
    missing = ["chromium"] * (not find()) + ["strace"] * (not shutil.which("strace"))
    if missing:
        install(*missing)
    if not find():
        sys.exit("No Chromium was found or could be installed: install one, set CHROMIUM to its path, and run again.")
