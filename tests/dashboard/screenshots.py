"""Pictures of every page, light and dark, wide and narrow; ``make screenshots`` makes them.

All go to build/screenshots, whole pages. Those of ``CHOSEN`` go to docs/pictures too, as much as
a window shows, with few colours, so that they stay small.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from PIL import Image
from playwright.sync_api import Page

from ..checkout import CHECKOUT
from . import browser as browsers
from . import story_for_pictures
from .watching import NARROW, WIDE, Watch, in_each_look

ALL = CHECKOUT / "build" / "screenshots"
SHOWN = CHECKOUT / "docs" / "pictures"
HEIGHTS = {WIDE: 800, NARROW: 740}
MOST = 600_000
"""Bytes that all pictures of docs/pictures may have together."""

LEADING = {
    "events": "a[href$=sources_flow_run_success]",
    "scenarios": "a[href$=partial-at-threshold]",
    "registrations": "tr:has(.is-warn) a",
    "clock": "td a",
}
"""Name of a page → links of its list; the first is shown too."""

ONE = {"clock": "ladder"}
"""Name of a page → that of one thing in its list, where it is not the singular."""

CHECKED = ("challenge", "sound-event", "unsigned", "tampered-body", "batch-of-twenty", "retries")
"""Names of the checks in the picture of a report."""

CHOSEN = (
    "deliveries-light-1280",
    "deliveries-dark-360",
    "delivery-payload-light-1280",
    "delivery-signature-light-1280",
    "delivery-attempts-dark-1280",
    "events-light-1280",
    "event-light-1280",
    "scenario-light-1280",
    "registrations-light-1280",
    "registration-dark-1280",
    "report-light-1280",
    "ladder-light-1280",
)
"""Names of the pictures that the documentation shows; one whose page is not there is left out."""


def main() -> int:
    """Make all pictures, and say where they are; the status of the program."""
    path = browsers.executable()
    if path is None:
        sys.stderr.write(f"make screenshots: {browsers.MISSING}\n")
        return 1
    for folder in (ALL, SHOWN):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
    with tempfile.TemporaryDirectory() as home, mock.patch.dict("os.environ", FLOWSIM_HOME=home):
        taken = _take(path)
    size = sum(each.stat().st_size for each in SHOWN.glob("*.png"))
    sys.stdout.write(f"{taken} pictures in {ALL.relative_to(CHECKOUT)}, ")
    sys.stdout.write(f"{size:,} bytes of them in {SHOWN.relative_to(CHECKOUT)}\n")
    return 0 if size <= MOST else 1


def _take(path: str) -> int:
    """Take the pictures; return how many there are."""
    taken = 0
    with story_for_pictures.service_of_story() as service, browsers.launched(path) as shared:
        with shared.in_use() as browser:
            watch = Watch(browser, service.url)
            page = watch.open(service.first_visit)
            for name, address in _places(watch.open(service.first_visit)):
                page.goto(address)
                taken += sum(1 for _ in _pictures(page, name))
            watch.close()
        for complaint in watch.complaints:
            sys.stderr.write(f"{complaint}\n")
    return taken


def _places(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each page that there is: its name, and its address."""
    page.goto("/")
    links = [str(each.get_attribute("href")) for each in page.locator("header nav a").all()]
    yield "deliveries", "/"
    yield from _tabs(page)
    for link in links[1:]:
        name = link.strip("/")
        yield name, link
        page.goto(link)
        found = page.locator(f"main {LEADING.get(name, 'a')}[href^='{link}']").first
        if found.count():
            yield ONE.get(name, name.removesuffix("s")), str(found.get_attribute("href"))
        if name == "checks":
            yield "report", _report_of_checks(page)


def _tabs(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each part of the newest partial ingestion; it is compared with the one before it."""
    address = str(page.locator("tr:has(.result-partial) a.row").first.get_attribute("href"))
    before = int(address.rpartition("/")[2]) - 1
    page.goto(address)
    for each in page.locator("nav.tabs a").all():
        tab = str(each.get_attribute("href"))
        name = tab.rpartition("=")[2]
        yield f"delivery-{name}", tab + (f"&with={before}" if name == "compare" else "")


def _report_of_checks(page: Page) -> str:
    """Run a few checks against the first webhook of the list; return the address of the report."""
    page.goto("/checks")
    for each in CHECKED:
        page.get_by_label(each, exact=True).check()
    page.get_by_role("button", name="Run all").click()
    link = page.get_by_role("link", name="Read the report")
    link.wait_for(timeout=60_000)
    return str(link.get_attribute("href"))


def _pictures(page: Page, name: str) -> Iterator[str]:
    """Save what the browser shows, in each look; yield the names of the pictures."""
    for look in in_each_look(page):
        _, scheme, width = look.rsplit(", ", 2)
        called = f"{name}-{scheme}-{width.removesuffix(' px')}"
        page.evaluate("() => scrollTo(0, 0)")
        page.screenshot(path=ALL / f"{called}.png", full_page=True)
        if called in CHOSEN:
            height = HEIGHTS[int(width.removesuffix(" px"))]
            page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
            _save_small(page.screenshot(), SHOWN / f"{called}.png")
        yield called


def _save_small(picture: bytes, path: Path) -> None:
    """Save a picture with at most 64 colours."""
    with Image.open(io.BytesIO(picture)) as opened:
        few = opened.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
