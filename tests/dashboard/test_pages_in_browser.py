"""Every page as it is looked at: light and dark, wide and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from flowsim import __version__

from .service_with_pages import ServiceWithPages
from .watching import Watch, assert_accessible, each_tab


def test_the_empty_service_is_accessible(page: Page) -> None:
    assert_accessible(page)


@pytest.mark.slow
@pytest.mark.usefixtures("delivered")
def test_the_list_and_one_delivery_are_accessible(page: Page) -> None:
    page.goto("/")
    assert_accessible(page)
    for _ in each_tab(page):
        assert_accessible(page)


def test_every_page_of_the_navigation_is_accessible(page: Page) -> None:
    links = page.locator("nav[aria-label=Pages] a")
    expect(links).to_have_count(6)
    for title in links.all_inner_texts():
        links.filter(has_text=title).click()
        expect(page.locator("nav[aria-label=Pages] a[aria-current]")).to_have_text(title)
        if title == "Checks":
            page.goto("/checks?group=challenge")  # all groups look the same, and axe takes long
        assert_accessible(page)


@pytest.mark.slow
def test_a_page_of_an_unknown_delivery_says_so_and_leads_back(watch: Watch) -> None:
    watch.allowed.append("404")
    page = watch.open("/deliveries/999")
    expect(page.get_by_role("main")).to_contain_text("no delivery 999")
    assert_accessible(page)


@pytest.mark.usefixtures("delivered")
def test_the_keyboard_reaches_everything_and_is_seen(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    seen: list[str] = []
    while len(seen) < 60:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            break  # the browser itself comes after the last element
        outline = "each => getComputedStyle(each.closest('tr') ?? each).outlineStyle"
        assert focused.evaluate(outline) != "none", focused.evaluate("each => each.outerHTML")
        seen.append(focused.evaluate("each => each.tagName"))
    assert {*seen} >= {"A", "SELECT", "INPUT", "BUTTON"}
    assert seen.count("A") >= 3


def test_the_foot_of_a_page_names_the_version_of_flowsim(page: Page) -> None:
    expect(page.locator("footer")).to_contain_text(f"version {__version__},")


@pytest.mark.slow
def test_only_a_visitor_with_the_token_may_change_something(
    watch: Watch, delivered: ServiceWithPages
) -> None:
    page = watch.open("/")
    page.locator("a.row").first.click()
    expect(page.get_by_role("button", name="Redeliver")).to_be_disabled()
    page.goto(delivered.first_visit)
    assert "token" not in page.url
    page.locator("a.row").first.click()
    expect(page.get_by_role("button", name="Redeliver")).to_be_enabled()
    assert page.evaluate("() => document.cookie") == ""
