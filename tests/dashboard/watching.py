"""A page that is watched: what goes wrong in it, and what it asks of other hosts, fails a test."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

WIDE, NARROW = 1280, 360
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", WIDE),
    ("light", NARROW),
    ("dark", WIDE),
    ("dark", NARROW),
)
"""How each page is looked at: colour scheme and width in CSS pixels."""

LOOKS_TRIED = LOOKS if os.environ.get("FLOWSIM_LOOKS") == "all" else LOOKS[:1]
"""In which looks axe tries a page: light and wide; `make test-slow` tries all."""

_OF_NO_HOST = ("data:", "blob:", "about:")
_SHOWN = 8


class Watch:
    """What the pages of one test do wrong; ``origin`` is the only one they may ask.

    A complaint that holds one of the texts in ``allowed`` is none, such as the network errors of
    a test that stops the service.
    """

    def __init__(self, browser: Browser, origin: str) -> None:
        self.origin, self.allowed = origin, list[str]()
        self._browser, self._contexts = browser, list[BrowserContext]()
        self._found: list[str] = []

    def open(self, path: str = "/", *, width: int = WIDE, has_scripts: bool = True) -> Page:
        """Return a page of a new visitor, with cookies of its own, at a path of the service."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=self.origin,
            reduced_motion="reduce",
            java_script_enabled=has_scripts,
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        context.on("console", self._console)
        context.on("weberror", lambda each: self._found.append(f"not caught: {each.error}"))
        context.on("request", self._request)
        page = context.new_page()
        page.goto(path)
        return page

    @property
    def complaints(self) -> list[str]:
        """What went wrong until now, except for what is allowed."""
        return [each for each in self._found if not any(text in each for text in self.allowed)]

    def close(self) -> None:
        """Close all pages."""
        for context in self._contexts:
            context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._found.append(f"console {message.type}: {message.text} ({message.location})")

    def _request(self, request: Request) -> None:
        url = request.url
        if not url.startswith(_OF_NO_HOST) and _origin(url) != self.origin:
            self._found.append(f"asked of another host: {url}")


@contextlib.contextmanager
def watched(browser: Browser, origin: str) -> Iterator[Watch]:
    """Yield a watch of pages, and fail for what has gone wrong in them."""
    watch = Watch(browser, origin)
    yield watch
    watch.close()
    assert not watch.complaints, "\n".join(watch.complaints)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def each_tab(page: Page) -> Iterator[str]:
    """Open the first delivery of the list, and its parts in turn; yield the title of each."""
    page.locator("a.row").first.click()
    tabs = page.locator("nav.tabs a")
    expect(tabs.first).to_be_visible()
    for title in tabs.all_inner_texts():
        tabs.filter(has_text=title).click()
        expect(page.locator("nav.tabs a[aria-current]")).to_have_text(title)
        yield title


def in_each_look(page: Page, looks: Sequence[tuple[str, int]] = LOOKS) -> Iterator[str]:
    """Show a page light and dark, wide and narrow; yield what it is shown as, in words."""
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        yield f"{page.url}, {scheme}, {width} px"


def assert_accessible(page: Page) -> None:
    """Let axe look at a page in each look, and see that it scrolls in no direction but down."""
    found = [
        f"{look}: {problem}"
        for look in in_each_look(page, LOOKS_TRIED)
        for problem in (*violations(page), *sideways(page))
    ]
    assert not found, "\n".join(found)


def violations(page: Page) -> list[str]:
    """Return what axe finds: the rule, the element and what is wrong with it."""
    rules = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {_described(node)}" for rule in rules for node in rule["nodes"]][
        :_SHOWN
    ]


def _described(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return f"{node['target']}: {'; '.join(check['message'] for check in checks)}"


def sideways(page: Page) -> list[str]:
    """Return a sentence if the page is wider than the window."""
    too_wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"the page is {too_wide} px wider than the window"] if too_wide > 0 else []
