"""The page of checks in a browser: a run is watched to its report."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ...consumers.app import running
from ...consumers.mistakes import MISTAKES
from ...events_service.running import PATIENCE, register
from ...webhook import Request, Webhook, status
from ..service_with_pages import ServiceWithPages
from ..watching import assert_accessible


def test_a_run_is_chosen_watched_and_read(page: Page, up: ServiceWithPages) -> None:
    service = up.local.service
    mistaken = MISTAKES["takes-any-recipient"](service.installation.client_id, up.url)
    with running(mistaken) as consumer:
        register(service, consumer.url, name="orders")
        page.goto(f"{up.url}/checks")
        page.get_by_label("Group").select_option("signature")
        expect(page).to_have_url(f"{up.url}/checks?group=signature#list")
        page.get_by_label("foreign-recipient", exact=True).check()
        page.get_by_label("Level").select_option("should")
        expect(page.get_by_role("group", name="Ticked too")).to_contain_text("foreign-recipient")
        page.get_by_label("Level").select_option("must")
        expect(page.get_by_label("foreign-recipient", exact=True)).to_be_checked()
        page.get_by_label("tampered-body", exact=True).check()
        page.get_by_role("button", name="Run those ticked").click()
        expect(page.locator("#run")).to_contain_text("accepts forged events", timeout=30_000)
    page.get_by_role("link", name="Read the report").click()
    expect(page.locator("#foreign-recipient")).to_contain_text("Compare recipientclientid")
    assert_accessible(page)


@pytest.mark.slow
def test_a_run_that_hangs_is_cancelled(page: Page, up: ServiceWithPages) -> None:
    released = threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([late]) as webhook:
        page.goto(f"{up.url}/checks?group=load")
        page.locator("summary", has_text="More options").click()
        page.get_by_label("or an address of this machine").fill(webhook.url)
        page.get_by_role("button", name="Run the 4 listed").click()
        expect(page.locator("#run")).to_contain_text("checks sent")
        assert_accessible(page)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#run")).to_contain_text("Cancelled after", timeout=20_000)
        released.set()
