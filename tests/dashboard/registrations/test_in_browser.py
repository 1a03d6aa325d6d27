"""Registrations in a browser: live, by keyboard and accessible, and nothing goes wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from flowsim.events_service.registrations.status import FEWEST, WINDOW

from ...events_service import running
from ...events_service.custom_events import custom_provider, publish, subscribe
from ...events_service.registering import register
from ...webhook import Webhook, echo, status
from ..service_with_pages import ServiceWithPages
from ..watching import assert_accessible


@pytest.mark.slow
def test_every_page_is_accessible_and_as_wide_as_the_window(
    page: Page, up: ServiceWithPages
) -> None:
    service = up.local.service
    page.goto("/registrations")
    assert_accessible(page)
    with Webhook([status(503)]) as webhook:
        failing = register(service, "failing", webhook=webhook.url)
        for _ in range(3):
            running.publish(service)
        running.advance(up.local, 120)
    custom_provider(service)
    reader = subscribe(service, name="x" * 255)
    publish(service, {"total": 1})
    for made, parts in ((failing, ("", "/edit", "?span=hour")), (reader, ("/filter", "/journal"))):
        for part in parts:
            page.goto(f"/registrations/{made.registration_id}{part}")
            assert_accessible(page)
    for path in ("/registrations", "/registrations/new"):
        page.goto(path)
        assert_accessible(page)


def test_a_webhook_is_registered_and_its_validation_url_opened(
    page: Page, up: ServiceWithPages
) -> None:
    with Webhook([status(401), status(200)]) as webhook:
        page.goto("/registrations")
        page.get_by_role("link", name="Register a webhook", exact=True).click()
        page.get_by_label("Name", exact=True).fill("by hand")
        page.get_by_label("Webhook URL").fill(webhook.url)
        page.get_by_label("Find an event").press_sequentially("segment")
        expect(page.locator("#events")).not_to_contain_text("Audit events")
        expect(page.locator("#events input:checked")).to_have_count(2)
        page.get_by_role("button", name="Register", exact=True).click()
        expect(page.locator("main")).to_contain_text("accepted a validation URL")
        expect(page.locator("main")).to_contain_text("5 min 0 s")
        running.advance(up.local, 61)
        expect(page.locator("main")).to_contain_text("3 min 59 s")
        page.get_by_role("button", name="Open the validation URL").click()
        expect(page.locator("#status .badge").first).to_have_text("ACTIVE")


@pytest.mark.slow
def test_a_failing_webhook_becomes_disabled_before_ones_eyes(
    page: Page, up: ServiceWithPages
) -> None:
    """The page is not loaded again until the button is used."""
    service = up.local.service
    with Webhook([status(503)]) as webhook:
        made = register(service, "failing", webhook=webhook.url)
        page.goto(f"/registrations/{made.registration_id}")
        badge = page.locator("#status .badge").first
        expect(badge).to_have_text("ACTIVE")
        for _ in range(FEWEST):
            running.publish(service)
        running.advance(up.local, 1)
        expect(badge).to_have_text("UNSTABLE")
        expect(page.locator("main")).to_contain_text("it becomes DISABLED then")
        running.advance(up.local, WINDOW.total_seconds() + 60)
        expect(badge).to_have_text("DISABLED")
        webhook.answers[:] = [echo]
        webhook.requests.clear()
        page.get_by_role("button", name="Enable: challenge the webhook again").click()
        expect(badge).to_have_text("ACTIVE")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("link", name="Delete").click()
        expect(page.locator("main")).to_contain_text("The registration is deleted")
    assert service.registrations.all() == []


@pytest.mark.slow
def test_the_list_follows_what_happens(page: Page, up: ServiceWithPages) -> None:
    page.goto("/registrations")
    expect(page.locator("main")).to_contain_text("No registration yet")
    register(up.local.service, "<b>arrives</b>", webhook=None)
    expect(page.locator("a.row")).to_have_text("<b>arrives</b>")
    expect(page.locator("tr.chosen")).to_have_count(0)
    page.locator("a.row").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("<b>arrives</b>")
