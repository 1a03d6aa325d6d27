"""The Events page in Chromium: choosing, sliding and sending."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flowsim.dashboard.events.events_file import event_file
from flowsim.families.registry import shipped

from ...webhook import Webhook
from ..service_with_pages import ServiceWithPages
from ..watching import assert_accessible

SUCCESS = "/events/sources_flow_run_success"


def test_the_slider_turns_a_success_with_errors_into_a_failure(page: Page) -> None:
    page.goto(f"{SUCCESS}?records=1000&failed=49&threshold=5")
    words, handle = page.locator("#run-words"), page.locator("#s-failed")
    expect(words).to_contain_text("49 of 1,000 records failed, 4.9 %: success with errors")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("50 of 1,000 records failed, 5 %: failed")
    expect(page.locator("#run")).to_contain_text("sources_flow_run_failed")
    page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("success with errors")
    expect(handle).to_be_focused()
    page.get_by_label("Failed records", exact=True).fill("120")
    page.keyboard.press("Tab")
    expect(words).to_contain_text("120 of 1,000 records failed, 12 %: failed")
    expect(handle).to_have_value("120")


def test_another_threshold_moves_the_boundary_and_a_wrong_one_is_explained(page: Page) -> None:
    page.goto(SUCCESS)
    page.get_by_label("Error threshold, %").fill("10")
    page.keyboard.press("Tab")
    expect(page.locator("#run")).to_contain_text("fails from 100")
    page.get_by_label("Error threshold, %").fill("lots")
    page.keyboard.press("Tab")
    expect(page.locator("#slider .mistake")).to_contain_text("expected a number above 0")
    expect(page.locator("#run")).to_contain_text("fails from 100")


@pytest.mark.slow
def test_an_example_follows_the_options_and_keeps_the_last_good_one(page: Page) -> None:
    page.goto(SUCCESS)
    page.get_by_text("Change what the example says").click()
    page.get_by_label("records.input", exact=True).fill("4711")
    page.keyboard.press("Tab")
    body = page.locator("#example pre").first
    expect(body).to_contain_text('"inputRecordCount": 4711')
    expect(page.get_by_label("records.failed", exact=True)).to_be_focused()
    page.get_by_label("names of ids").select_option("new-only")
    expect(body).not_to_contain_text('"event_id"')
    page.get_by_label("records.failed", exact=True).fill("9999")
    page.keyboard.press("Tab")
    expect(page.locator("#example .mistake")).to_contain_text("at most input (4711)")
    expect(body).to_contain_text('"inputRecordCount": 4711')


@pytest.mark.slow
def test_a_search_narrows_the_catalogue_while_one_types(page: Page) -> None:
    page.goto("/events")
    page.get_by_label("Search", exact=True).press_sequentially("segment job")
    expect(page.get_by_role("status").last).to_contain_text("2 of ")
    expect(page.locator("#list-of-events li.card:visible")).to_have_count(2)
    page.get_by_label("Search", exact=True).fill("")
    page.get_by_role("link", name="Marketo activities").click()
    expect(page.locator("#family-marketo_activity")).to_be_in_viewport()
    page.locator("#family-marketo_activity ~ details.codes summary").click()
    page.get_by_role("link", name="com.adobe.platform.marketo.activity.custom").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("marketo.activity.custom")


def test_an_example_is_sent_to_an_address_from_the_page(page: Page, webhook: Webhook) -> None:
    page.goto(SUCCESS)
    page.get_by_label("To an address of this machine").fill(webhook.url)
    page.get_by_role("button", name="Deliver").click()
    expect(page.locator("#sent")).to_contain_text("1 request sent")
    assert len(webhook.requests) == 1


def shorten(page: Page) -> None:
    """Leave only the first of many rows and families that are alike: axe looks at each."""
    rows, families = "table.fields tbody tr:nth-child(n+4)", "[id^=family-]:nth-of-type(n+5)"
    script = f"document.querySelectorAll('{rows}, {families}').forEach((each) => each.remove())"
    page.evaluate(script)


@pytest.mark.slow
def test_pages_about_events_are_accessible(page: Page) -> None:
    longest = "/events/segment_evaluation_job_error"
    for path in ("/events", SUCCESS, f"{SUCCESS}?chosen=1&say.records.input=many", longest):
        page.goto(path)
        shorten(page)
        assert_accessible(page)


def test_without_javascript_the_forms_apply_what_is_chosen(
    browser: Browser, up: ServiceWithPages
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=up.url)
    try:
        page = context.new_page()
        page.goto(f"{SUCCESS}?records=1000&failed=10&threshold=1")
        expect(page.locator("#run-words")).to_contain_text("failed")
        page.get_by_label("Error threshold, %").fill("2")
        page.get_by_role("button", name="Apply").click()
        expect(page.locator("#run-words")).to_contain_text("success with errors")
    finally:
        context.close()


@pytest.mark.slow
def test_the_file_about_all_events_is_accessible_and_asks_no_host(
    browser: Browser, tmp_path: Path
) -> None:
    path, asked = tmp_path / "events.html", list[str]()
    path.write_text(event_file(shipped()), "utf-8")
    context = browser.new_context(reduced_motion="reduce")
    try:
        page = context.new_page()
        page.on("request", lambda each: asked.append(each.url))
        page.goto(path.as_uri())
        expect(page.locator("h1")).to_have_text("Events that Adobe sends")
        assert [each for each in asked if not each.startswith("data:")] == [path.as_uri()]
        shorten(page)
        assert_accessible(page)
    finally:
        context.close()
