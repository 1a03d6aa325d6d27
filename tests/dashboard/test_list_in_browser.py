"""The list of deliveries in a browser: live, and calm while one reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ..free_ports import free_port
from ..webhook import Webhook, status
from .service_with_pages import ServiceWithPages
from .watching import NARROW, WIDE, Watch

ROWS = "#list tbody tr"

CUT = f"""() => [...document.querySelectorAll("{ROWS} .c-time, {ROWS} .c-code .fit > *")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""
"""The texts of the times, codes and families that are cut off."""

KEPT_AS_LEFT = """() => {
    const choice = document.querySelector("#filters [name=state]");
    choice.value = "dropped";
    choice.form.text.disabled = true;
    window.dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
}"""
"""Shows the page as a browser does that has kept it whole: with the choice that was made."""


def poll(page: Page) -> None:
    """Let the list ask for news now, and not only when two seconds have passed."""
    with page.expect_response(re.compile("part=list.*version=")):
        page.evaluate("() => htmx.trigger('#list', 'every')")


def test_a_delivery_arrives_in_the_open_list_by_itself(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    expect(page.get_by_role("heading", name="No delivery yet")).to_be_visible()
    up.register(hook.url)
    up.trigger("partial")
    row = page.locator(ROWS)
    expect(row).to_have_count(1)
    expect(row.locator(".result-partial")).to_have_text("partial")
    expect(row.locator(".mark.status-2xx")).to_be_visible()
    expect(row).to_contain_text("30 of 1,000 records")


def test_what_one_reads_stays_when_others_arrive(page: Page, delivered: ServiceWithPages) -> None:
    page.locator(ROWS).nth(1).locator("a.row").click()
    expect(page.locator("#detail h2")).to_be_visible()
    before = page.locator(ROWS).all_inner_texts()
    place = page.locator(ROWS).nth(1).bounding_box()
    delivered.trigger("success")
    pill = page.locator("#arrivals")
    expect(pill).to_have_text("1 new delivery: show")
    assert page.locator(ROWS).all_inner_texts() == before
    assert page.locator(ROWS).nth(1).bounding_box() == place
    pill.click()
    expect(page.locator(ROWS)).to_have_count(4)
    expect(pill).to_have_count(0)


@pytest.mark.usefixtures("delivered")
def test_the_filter_is_in_the_address_which_others_may_open(page: Page, watch: Watch) -> None:
    page.goto("/")
    expect(page.locator(ROWS)).to_have_count(3)
    page.get_by_label("Says").select_option("partial")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?&]result=partial(&|$)"))
    again = watch.open(page.url)
    expect(again.locator(ROWS)).to_have_count(1)
    again.get_by_role("link", name="Clear").click()
    expect(again.locator(ROWS)).to_have_count(3)


@pytest.mark.slow
@pytest.mark.usefixtures("delivered")
def test_after_back_the_filter_shows_what_is_listed(page: Page) -> None:
    """Also if the browser has kept the page as it was left."""
    page.goto("/")
    choice = page.locator("#filters [name=state]")
    choice.select_option("dropped")
    expect(page).to_have_url(re.compile("state=dropped"))
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(3)
    expect(choice).to_have_value("")
    page.evaluate(KEPT_AS_LEFT)
    expect(choice).to_have_value("")
    page.get_by_label("Says").select_option("partial")
    expect(page).to_have_url(re.compile(r"/\?result=partial$"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "form", "value"),
    [
        ("/checks", "form[data-live]", "must"),
        ("/events/sources_flow_run_success", "#slider-form", "inclusive"),
    ],
)
def test_after_back_other_forms_show_what_the_page_does(
    page: Page, path: str, form: str, value: str
) -> None:
    page.goto(path)
    choice = page.locator(f"{form} select").last
    before = choice.input_value()
    choice.select_option(value)
    page.wait_for_load_state("networkidle")
    page.goto("/clock")
    while not page.url.endswith(path):
        page.go_back()
    expect(choice).to_have_value(before)


@pytest.mark.usefixtures("delivered")
def test_the_keyboard_walks_through_the_deliveries(page: Page) -> None:
    page.goto("/")
    chosen = page.locator(f"{ROWS}.chosen")
    for key, result in (("j", "failed"), ("j", "partial"), ("j", "success"), ("k", "partial")):
        page.keyboard.press(key)
        expect(chosen.locator(f".result-{result}")).to_be_visible()
        expect(page.locator(f"#detail .result-{result}").first).to_be_visible()
    address = page.url
    page.keyboard.press("/")
    expect(page.get_by_label("Text")).to_be_focused()
    page.go_back()
    expect(chosen.locator(".result-success")).to_be_visible()
    page.goto(address)
    expect(page.locator("#detail .result-partial").first).to_be_visible()


@pytest.mark.slow
@pytest.mark.usefixtures("delivered")
def test_escape_leads_back_to_the_same_list_at_the_same_row(page: Page) -> None:
    page.goto("/?family=Flow+runs+of+sources")
    for result in ("failed", "partial"):
        page.keyboard.press("j")
        expect(page.locator(f"#detail .result-{result}").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/\?family=Flow\+runs\+of\+sources$"))
    expect(page.locator(ROWS).nth(1).locator("a.row")).to_be_focused()
    page.go_back()
    expect(page.locator("#detail .result-partial").first).to_be_visible()


@pytest.mark.slow
def test_a_delivery_of_an_earlier_day_of_the_clock_has_its_date(
    page: Page, delivered: ServiceWithPages
) -> None:
    time = page.locator(f"{ROWS} a.row").first
    page.goto("/")
    expect(time).not_to_contain_text(re.compile(r"\d\d-\d\d \d\d:"))
    delivered.advance("24h")
    page.goto("/")
    expect(time).to_contain_text(re.compile(r"\d\d-\d\d \d\d:\d\d$"))


@pytest.mark.slow
def test_both_clocks_and_the_family_of_a_row_are_shown_whole_on_one_line(
    page: Page, delivered: ServiceWithPages
) -> None:
    """Also if the row is of another day than the clock, so that it has its date."""
    for width in (WIDE, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        for passed in (0, "26h"):
            delivered.advance(passed)
            page.goto("/")
            expect(page.locator(f"{ROWS} .c-time .fine").first).to_be_visible()
            assert page.evaluate(CUT) == [], f"{width} px after {passed}"
            heights = page.locator(ROWS).evaluate_all("all => all.map(each => each.offsetHeight)")
            assert max(heights) < 40, f"{width} px after {passed}"


def test_all_marks_of_a_day_and_what_comes_next_fit_in_the_row(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    up.register(hook.url)
    hook.answers = [status(500)]
    up.trigger("success")
    for passed in ("10m", "8h"):
        up.advance(passed)
        page.goto("/")
        for column in (".c-attempts", ".c-next"):
            cell = page.locator(f"{ROWS} {column}")
            assert cell.evaluate("each => each.scrollWidth <= each.clientWidth"), column
        expect(page.locator(f"{ROWS} .mark.waiting")).to_have_count(1)
        expect(page.locator(f"{ROWS} .c-next")).to_contain_text(re.compile(r"attempt \d+ at "))


@pytest.mark.slow
def test_the_keys_go_on_from_the_address_of_an_old_delivery(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    up.register(hook.url)
    up.trigger("day-in-production")
    page.goto("/deliveries/40")
    expect(page.locator(f"{ROWS}.chosen a.row")).to_have_attribute("data-number", "40")
    expect(page.locator(f"{ROWS}.chosen")).to_be_in_viewport()
    for key, number in (("j", 39), ("k", 40), ("k", 41)):
        page.keyboard.press(key)
        expect(page).to_have_url(f"{up.url}/deliveries/{number}")


@pytest.mark.slow
def test_a_phone_shows_either_the_list_or_one_delivery(
    watch: Watch, delivered: ServiceWithPages
) -> None:
    page = watch.open(delivered.first_visit, width=NARROW)
    page.locator(ROWS).first.locator("a.row").click()
    expect(page.locator("#detail h2")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(ROWS).first).to_be_visible()
    expect(page.locator("#detail h2")).to_have_count(0)


def test_without_scripts_links_and_forms_do_the_same(
    watch: Watch, delivered: ServiceWithPages
) -> None:
    page = watch.open(delivered.first_visit, has_scripts=False)
    page.get_by_label("Says").select_option("failed")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator("a.row").click()
    expect(page.locator("#detail .result-failed").first).to_be_visible()
    page.get_by_role("link", name="Signature").click()
    expect(page.locator("ol.steps li.pass").first).to_be_visible()


@pytest.mark.slow
def test_two_visitors_see_the_same_delivery_arrive_in_lists_of_their_own(
    page: Page, watch: Watch, delivered: ServiceWithPages
) -> None:
    page.goto("/?result=success")
    other = watch.open("/?result=failed")
    expect(other.locator(ROWS)).to_have_count(1)
    delivered.trigger("failure-promotion")
    expect(other.locator(ROWS)).to_have_count(2)
    poll(page)
    expect(page.locator(ROWS)).to_have_count(1)


@pytest.mark.slow
def test_an_open_page_catches_up_when_the_service_was_restarted(
    browser: Browser, tmp_path: Path, hook: Webhook
) -> None:
    port = free_port()
    with ServiceWithPages(data=tmp_path, port=port) as first:
        watch = Watch(browser, first.url)
        page = watch.open(first.first_visit)
        first.register(hook.url)
        first.trigger("success")
        expect(page.locator(ROWS)).to_have_count(1)
    watch.allowed += ["ERR_CONNECTION_REFUSED", "Failed to fetch"]
    with page.expect_event("requestfailed"):
        page.evaluate("() => htmx.trigger('#list', 'every')")
    with ServiceWithPages(data=tmp_path, port=port) as second:
        second.trigger("partial")
        expect(page.locator(ROWS)).to_have_count(2)
        watch.close()
    assert not watch.complaints, "\n".join(watch.complaints)
