"""Chromium, driven by Playwright: one browser for all tests of a process.

Playwright's package brings its driver; the browser is one that is installed, as Debian's. Its
synchronous interface keeps an event loop running in the thread between two calls. While no test
uses the browser, the loop is taken away, so that other tests may run loops of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PLACES = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
MISSING = (
    "no Chromium is found, so no test of the pages in a browser runs; "
    "install it, as with: apt-get install chromium"
)


def executable() -> str | None:
    """Return the path of Chromium, or of a browser that is made of it; None if there is none."""
    found = [path for path in map(shutil.which, COMMANDS) if path]
    found += [str(path) for path in PLACES if path.exists()]
    return found[0] if found else None


@contextlib.contextmanager
def launched(path: str) -> Iterator[SharedBrowser]:
    """Yield the browser at this path; it ends with the block."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if is_root else [])]
    driver = sync_playwright().start()
    shared = SharedBrowser(driver.chromium.launch(executable_path=path, args=arguments))
    shared.put_loop_away()
    try:
        yield shared
    finally:
        with shared.in_use():
            shared.browser.close()
            driver.stop()


class SharedBrowser:
    """A browser that tests use in turns, each within ``in_use``."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._loop = asyncio.get_running_loop()

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Browser]:
        """Yield the browser; its event loop is the thread's until the block ends."""
        asyncio._set_running_loop(self._loop)  # noqa: SLF001 - asyncio exports it for this
        try:
            yield self.browser
        finally:
            self.put_loop_away()

    def put_loop_away(self) -> None:
        """Let the thread have no running loop, so that another can be run in it."""
        asyncio._set_running_loop(None)  # noqa: SLF001
