"""Ten thousand deliveries in a browser: the page holds one page of the list, and changes little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ..events_service.running import publish
from ..webhook import Webhook
from .service_with_pages import ServiceWithPages, with_deliveries
from .watching import watched

ROWS = "#list tbody tr"
MANY = 10_000
KNOWN = f"() => [...document.querySelectorAll('{ROWS}')].filter(each => each.known).length"


@pytest.fixture
def full(tmp_path: Path, hook: Webhook) -> Iterator[ServiceWithPages]:
    """A service with ten thousand deliveries."""
    with with_deliveries(tmp_path, hook.url, MANY) as service:
        yield service


@pytest.fixture
def shown(browser: Browser, full: ServiceWithPages) -> Iterator[Page]:
    with watched(browser, full.url) as watch:
        yield watch.open(full.first_visit)


@pytest.mark.slow
def test_of_many_deliveries_a_page_holds_few_and_keeps_its_rows(
    shown: Page, full: ServiceWithPages
) -> None:
    expect(shown.locator(ROWS)).to_have_count(100)
    assert shown.locator("*").count() < 4_000
    shown.evaluate(f"() => document.querySelectorAll('{ROWS}').forEach(each => each.known = true)")
    for number in range(3):
        publish(full.local.service, number)
    expect(shown.locator(f"#delivery-{MANY + 3}")).to_be_visible()
    assert shown.evaluate(KNOWN) == 97


@pytest.mark.slow
def test_the_oldest_of_ten_thousand_deliveries_is_reached(shown: Page) -> None:
    shown.get_by_role("link", name="Older").click()
    expect(shown.locator(ROWS).first).to_have_id(f"delivery-{MANY - 100}")
    shown.goto("/?before=3")
    expect(shown.locator(ROWS)).to_have_count(2)
    shown.locator("a.row").last.click()
    chosen = shown.locator(f"{ROWS}.chosen")
    expect(chosen).to_have_id("delivery-1")
    shown.keyboard.press("k")
    expect(chosen).to_have_id("delivery-2")
