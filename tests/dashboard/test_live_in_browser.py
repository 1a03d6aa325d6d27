"""What goes on in an open page: keys, clock, filters, arrivals, and a service that is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ..events_service.running import publish
from ..free_ports import free_port
from ..webhook import Webhook
from .service_with_pages import ServiceWithPages, with_deliveries
from .test_list_in_browser import ROWS, poll
from .watching import NARROW, WIDE, Watch, watched

TIME = "#clock time"
MANY = 60

TWENTY_KEYS = """() => new Promise(done => {
    let left = 20;
    const timer = setInterval(() => {
        const key = new KeyboardEvent("keydown", {key: "j", bubbles: true});
        document.activeElement.dispatchEvent(key);
        if (!--left) { clearInterval(timer); done(); }
    }, 20);
})"""
"""Presses a key twenty times, 20 ms apart."""

IS_ON_TOP = """each => {
    const {x, y, width, height} = each.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2) === each;
}"""
"""Whether nothing covers an element."""


@pytest.fixture
def many(tmp_path: Path, hook: Webhook) -> Iterator[ServiceWithPages]:
    """A service with more deliveries than a window shows."""
    with with_deliveries(tmp_path, hook.url, MANY) as service:
        yield service


@pytest.fixture
def watch_many(browser: Browser, many: ServiceWithPages) -> Iterator[Watch]:
    with watched(browser, many.url) as watch:
        yield watch


@pytest.mark.slow
def test_the_clock_and_the_switch_of_the_keys_go_on_after_back(
    browser: Browser, hook: Webhook
) -> None:
    with ServiceWithPages(clock="real") as service:
        watch = Watch(browser, service.url)
        page = watch.open(service.first_visit)
        service.register(hook.url)
        service.trigger("success")
        page.locator("a.row").click()
        expect(page.locator("#detail h2")).to_be_visible()
        page.go_back()
        expect(page.locator("#detail h2")).to_have_count(0)
        for _ in range(2):
            expect(page.locator(TIME)).not_to_have_text(page.locator(TIME).inner_text())
        page.locator("#single-keys").uncheck()
        page.reload()
        expect(page.locator("#single-keys")).not_to_be_checked()
        watch.close()
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.mark.usefixtures("delivered")
def test_the_clock_in_the_head_of_each_open_page_follows_one_that_is_moved(
    page: Page, watch: Watch, up: ServiceWithPages
) -> None:
    """It takes no focus and no word that is typed; the times of the list get their date."""
    page.goto("/")
    expect(page.locator(ROWS).first).to_be_visible()
    other, text = watch.open("/events"), page.get_by_label("Text")
    text.fill("half of a wo")
    for passed in ("26h", "1h"):
        up.advance(passed)
        for each in (page, other):
            each.evaluate("() => htmx.trigger('#clock', 'every')")
            expect(each.locator(TIME)).to_have_text(f"{up.local.clock.now():%Y-%m-%d %H:%M:%S}")
    poll(page)
    expect(page.locator(f"{ROWS} a.row").first).to_contain_text(re.compile(r"\d\d-\d\d \d\d:"))
    expect(text).to_be_focused()
    expect(text).to_have_value("half of a wo")


@pytest.mark.slow
def test_each_of_many_quick_keys_moves_one_row(watch_many: Watch) -> None:
    page = watch_many.open("/")
    number = MANY - 19
    page.evaluate(TWENTY_KEYS)
    expect(page.locator(f"{ROWS}.chosen")).to_have_id(f"delivery-{number}")
    expect(page).to_have_url(f"{watch_many.origin}/deliveries/{number}")
    shown = page.locator("#detail-head")
    expect(shown).to_have_attribute("hx-get", re.compile(rf"^/deliveries/{number}\?"))


@pytest.mark.slow
def test_the_mark_stays_at_the_row_chosen_last_while_its_answer_is_late(
    watch_many: Watch, many: ServiceWithPages
) -> None:
    def never(route: Route) -> None:
        """Leave a request without an answer."""

    page = watch_many.open(f"/deliveries/{MANY}")
    page.route(f"**/deliveries/{MANY - 1}?part=detail*", never)
    marked = page.locator(f"{ROWS}.chosen")
    page.keyboard.press("j")
    publish(many.local.service, 1)
    poll(page)
    expect(page.locator("#arrivals")).to_be_visible()
    expect(marked).to_have_id(f"delivery-{MANY - 1}")
    page.keyboard.press("j")
    expect(page).to_have_url(f"{many.url}/deliveries/{MANY - 2}")
    expect(marked).to_have_id(f"delivery-{MANY - 2}")
    page.go_back()
    expect(marked).to_have_id(f"delivery-{MANY}")


@pytest.mark.parametrize(
    ("width", "has_detail"),
    [
        (WIDE, True),
        (NARROW, False),
        pytest.param(WIDE, False, marks=pytest.mark.slow),
        pytest.param(800, False, marks=pytest.mark.slow),
    ],
)
def test_news_are_offered_where_one_reads_and_move_no_row(
    watch_many: Watch, many: ServiceWithPages, width: int, has_detail: bool
) -> None:
    page = watch_many.open("/", width=width)
    if has_detail:
        page.locator("a.row").first.click()
        expect(page.locator("#detail h2")).to_be_visible()
    page.locator(".list").evaluate("each => { each.scrollTop += 600; scrollBy(0, 600); }")
    row = page.locator(ROWS).nth(25)
    before = row.bounding_box()
    publish(many.local.service, 1)
    poll(page)
    pill = page.locator("#arrivals")
    expect(pill).to_be_in_viewport(ratio=1)
    assert pill.evaluate(IS_ON_TOP)
    assert row.bounding_box() == before
    pill.click()
    expect(pill).to_have_count(0)
    expect(page.locator(ROWS).first).to_be_in_viewport()


def test_the_filters_get_the_choices_that_come_later(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    choice, text = page.get_by_label("Registration"), page.get_by_label("Text")
    expect(choice).to_be_hidden()
    text.fill("half of a wo")
    up.register(hook.url, name="orders")
    poll(page)
    expect(choice.locator("option")).to_have_text(["all", "orders"])
    expect(text).to_have_value("half of a wo")
    expect(text).to_be_focused()
    choice.focus()
    up.register(hook.url, name="refunds")
    poll(page)
    expect(choice.locator("option")).to_have_count(2)
    page.get_by_label("Family").evaluate("each => each.blur()")
    text.focus()
    poll(page)
    expect(choice.locator("option")).to_have_text(["all", "orders", "refunds"])
    choice.select_option("refunds")
    expect(page).to_have_url(re.compile(r"\?registration=[^&]+&text=half"))


@pytest.mark.slow
def test_a_page_whose_service_ended_says_so_until_it_answers_again(
    browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    with ServiceWithPages(data=tmp_path, port=port, clock="real") as first:
        watch = Watch(browser, first.url)
        page = watch.open(first.first_visit)
    watch.allowed += ["ERR_CONNECTION_REFUSED", "Failed to fetch"]
    page.evaluate("() => htmx.trigger('#list', 'every')")
    says = page.locator("header").get_by_role("status")
    expect(says).to_have_text(
        re.compile(
            r"^flowsim up does not answer\. The page shows what was known at \d\d:\d\d:\d\d\.$"
        )
    )
    time = page.locator(TIME).inner_text()
    with page.expect_event("requestfailed"):  # the poll after two seconds
        pass
    assert page.locator(TIME).inner_text() == time
    with ServiceWithPages(data=tmp_path, port=port, clock="real"):
        page.evaluate("() => htmx.trigger('#list', 'every')")
        expect(says).to_be_empty()
        expect(page.locator(TIME)).not_to_have_text(time)
        watch.close()
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.mark.usefixtures("delivered")
def test_a_copy_button_tells_what_was_copied_and_what_was_not(page: Page) -> None:
    page.goto("/deliveries/1?tab=curl")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("#tab button[data-copy]").first
    button.click()
    expect(button).to_have_attribute("data-done", "copied")
    expect(page.locator("#announcements")).to_have_text("Copied")
    assert "curl" in page.evaluate("() => navigator.clipboard.readText()")
    page.evaluate("() => navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    button.click()
    expect(button).to_have_attribute("data-done", "not copied")
    expect(page.locator("#announcements")).to_contain_text("Not copied")
