"""The page of the clock in a browser: it moves, and shows what it does."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ...events_service.running import PATIENCE, publish, register, settled
from ...webhook import Request, Webhook, status
from ..service_with_pages import ServiceWithPages
from ..watching import Watch, assert_accessible


def test_the_clock_is_moved_through_a_ladder_to_the_end_of_a_day(
    watch: Watch, page: Page, up: ServiceWithPages
) -> None:
    """What is due next, the ladder and the clock in the head follow without a reload."""
    with Webhook([status(503)]) as webhook:
        register(up.local.service, webhook.url, name="orders")
        publish(up.local.service)
        settled(up.local, 1)
        page.goto(f"{up.url}/clock?delivery=1")
        expect(page.locator("svg path.bad")).to_have_count(1)
        page.get_by_role("button", name="To the next due").click()
        expect(page.locator("svg path.bad")).to_have_count(2)
        page.get_by_label("Time to pass").fill("3h")
        page.get_by_label("Time to pass").press("Enter")
        expect(page.locator("table.due")).to_contain_text("UNSTABLE")
        other = watch.open("/clock")
        page.get_by_role("button", name="24 h", exact=True).click()
        expect(page.locator("table.due")).not_to_contain_text("UNSTABLE", timeout=20_000)
        expect(page.locator("#live .badge").first).to_contain_text("dropped")
        now = up.local.clock.now()
        expect(other.locator("#live dl")).to_contain_text(f"{now:%H:%M:%S}", timeout=20_000)
        expect(other.locator("#clock time")).to_contain_text(f"{now:%H:%M:%S}")
    assert_accessible(page)


@pytest.mark.slow
def test_the_buttons_wait_until_the_clock_stands_still(page: Page, up: ServiceWithPages) -> None:
    """The notice goes when it does, and what was typed stays."""
    released = threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([status(503), late]) as webhook:
        register(up.local.service, webhook.url, name="orders")
        publish(up.local.service)
        settled(up.local, 1)
        page.goto(f"{up.url}/clock")
        button, live = page.get_by_role("button", name="24 h", exact=True), page.locator("#live")
        button.click()
        expect(button).to_be_disabled()
        page.goto(f"{up.url}/clock?refused=moving")
        expect(live).to_contain_text("was not moved again")
        page.get_by_label("Time to pass").fill("3h")
        released.set()
        expect(live).not_to_contain_text("was not moved again", timeout=20_000)
        expect(button).to_be_enabled()
        expect(page.get_by_label("Time to pass")).to_have_value("3h")
