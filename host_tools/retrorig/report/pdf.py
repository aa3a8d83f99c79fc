"""The page as PDF, printed by the browser that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from retrorig.errors import InputError
from retrorig.scratch import scratch_folder
from retrorig.writing import replacing

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
"""Names on PATH, then the usual places on macOS and Windows, which nobody has tried yet."""

QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
TIMEOUT_S = 90


def find_browser() -> str:
    """Chromium or a browser made from it; InputError if there is none."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise InputError(
        "A PDF needs Chromium, Chrome or Edge and none was found: install one (on Debian the package chromium), "
        "or open the page in any browser and print it."
    )


def write_pdf(page: Path, path: Path) -> None:
    """Print a page to a PDF; InputError if there is no browser, or it prints nothing."""
    browser = find_browser()
    with scratch_folder() as folder:
        made = folder / "page.pdf"
        # the superuser's Chromium refuses its sandbox; everyone else's keeps it
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        call = [
            browser,
            "--headless",
            *sandbox,
            *QUIET,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
        ]
        try:
            subprocess.run(
                [*call, f"--print-to-pdf={made}", page.resolve().as_uri()],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S, check=False,
            )  # fmt: skip
            content = made.read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            raise InputError(
                f"{browser} did not print {page}: open the page in a browser and print it there."
            ) from None
        with replacing(path) as file:
            file.write(content)
