"""No page is wider than a phone, whatever it shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from ..webhook import Webhook, status
from .service_with_pages import ServiceWithPages
from .test_detail_in_browser import MARKUP
from .watching import NARROW, Watch, sideways

LONG = f"{'<b>' * 20}{'W' * 60}"
"""A word that no line has room for."""


@pytest.fixture
def hostile(up: ServiceWithPages, hook: Webhook) -> ServiceWithPages:
    """The service with deliveries of long words and markup, accepted and refused."""
    up.register(hook.url, name=MARKUP)
    up.trigger("partial")
    hook.answers = [status(500, MARKUP)]
    run = {"source": "amazon-s3", "name": MARKUP * 3, "records": {"input": 10}}
    raw = {
        "payload": {LONG: LONG, "in": [{LONG: MARKUP}]},
        "event_code": "sources_flow_run_success",
    }
    for event in ({"flow_run": run}, raw):
        up.trigger({"description": MARKUP, "seed": 1, "events": [event]})
    up.advance("10m")
    return up


def kind_of(path: str) -> str:
    """Return a path with no names of single things, and the parts of a delivery apart."""
    place, _, query = path.partition("?")
    kind = re.sub(r"^(/\w+)/[^/]+", r"\1/x", place)
    return kind + "".join(re.findall(r"\b(?:tab|form)=\w+|delivery=", query))


def links_of(page: Page) -> list[str]:
    """Return the pages that a page links: no downloads, and no JSON."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('a[href]:not([download])')]"
        ".filter(each => each.origin === location.origin)"
        ".map(each => each.pathname + each.search)"
    )
    return [each for each in found if not each.endswith(("notifications", "/scenario", "/request"))]


@pytest.mark.slow
def test_no_page_of_a_service_with_data_is_wider_than_a_phone(
    watch: Watch, hostile: ServiceWithPages
) -> None:
    page = watch.open(hostile.first_visit, width=NARROW)
    waiting, seen, found = ["/"], set[str](), list[str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        page.goto(path)
        found += [f"{path}: {problem}" for problem in sideways(page)]
        waiting += sorted(links_of(page), key=len, reverse=True)
    assert len(seen) > 20, sorted(seen)
    assert not found, "\n".join(found)
