"""What one changes in a browser: deliveries sent again, examples, a registration that recovers."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page, expect

from ..webhook import Webhook
from .service_with_pages import ServiceWithPages
from .watching import Watch

ROWS = "#list tbody tr"
SLIDER = "/events/sources_flow_run_success#slider"


def test_a_delivery_is_sent_again_by_a_button(
    page: Page, delivered: ServiceWithPages, hook: Webhook
) -> None:
    page.locator(ROWS).nth(1).locator("a.row").click()
    page.get_by_role("button", name="Redeliver").click()
    delivered.advance(0)
    page.goto("/")
    expect(page.locator(ROWS)).to_have_count(4)
    expect(page.locator(ROWS).first.locator(".result-partial")).to_be_visible()
    first, again = (
        (each for each in hook.requests if '"failedRecordCount":30' in each.body.decode()),
        hook.requests[-1],
    )
    assert next(first).headers["x-adobe-event-id"] == again.headers["x-adobe-event-id"]


@pytest.mark.slow
def test_a_redelivery_with_a_tampered_body_shows_the_step_that_fails(
    page: Page, delivered: ServiceWithPages
) -> None:
    page.locator("a.row").first.click()
    page.get_by_label("Redeliver").select_option("tampered-body")
    page.get_by_role("button", name="Redeliver").click()
    delivered.advance(0)
    page.goto("/")
    expect(page.locator(ROWS).first).to_contain_text("tampered-body")
    page.locator("a.row").first.click()
    page.get_by_role("link", name="Signature").click()
    expect(page.locator(".notice.error strong")).to_have_text("Refuse:")
    expect(page.locator("ol.steps li.fail").first).to_contain_text("Failed:")


@pytest.mark.slow
def test_what_is_deleted_under_an_open_page_is_said_to_be_gone(
    page: Page, watch: Watch, delivered: ServiceWithPages
) -> None:
    """The poll ends: the page would show what is no longer there, and ask for ever."""
    watch.allowed.append("404")
    [registration] = delivered.local.service.registrations.all()
    page.locator("a.row").first.click()
    expect(page.locator("#detail-head")).to_be_visible()
    other = watch.open(f"/registrations/{registration.registration_id}")
    expect(other.locator("#status")).to_be_visible()
    requests.post(f"{delivered.url}/_flowsim/reset").raise_for_status()
    expect(page.locator("#detail")).to_contain_text("404 Not Found: no delivery 3")
    expect(other.locator("main")).to_contain_text("404 Not Found: no registration")
    expect(page.locator("#detail-head")).to_have_count(0)


@pytest.mark.slow
def test_another_visitor_without_the_token_changes_nothing(
    watch: Watch, delivered: ServiceWithPages
) -> None:
    watch.allowed.append("403")
    page = watch.open("/")
    page.locator("a.row").first.click()
    button = page.get_by_role("button", name="Redeliver")
    button.evaluate("each => { each.disabled = false }")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("open the address behind `dashboard:`")
    assert delivered.local.service.database.number("SELECT count(*) FROM delivery") == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "at_the_threshold"), [("strict", "failed"), ("inclusive", "partial")]
)
def test_the_slider_shows_where_a_success_with_errors_becomes_a_failure(
    page: Page, rule: str, at_the_threshold: str
) -> None:
    page.goto(SLIDER)
    page.get_by_label("Records read").fill("1000")
    page.get_by_label("Error threshold, %").fill("5")
    page.get_by_label("Rule").select_option(rule)
    page.get_by_role("button", name="Apply").click()
    slider, run = page.get_by_role("slider", name="Failed records"), page.locator("#run")
    for failed, result in ((0, "success"), (49, "partial"), (50, at_the_threshold), (51, "failed")):
        slider.fill(str(failed))
        expect(run.locator(f".result-{result}").first).to_be_visible()
    slider.press("ArrowLeft")
    expect(run.locator(f".result-{at_the_threshold}").first).to_be_visible()
