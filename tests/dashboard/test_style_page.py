"""Every component of the style sheet is accessible, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, send_from_directory
from playwright.sync_api import Browser, Page, expect

from flowsim import dashboard
from flowsim.web.server import Server

from .watching import Watch, assert_accessible, in_each_look

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow
ASSETS = Path(dashboard.__file__).parent / "assets"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
POLLING = """<!doctype html><html lang="en"><title>Polling</title>
<meta name="htmx-config" content='{"includeIndicatorCSS": false, "extensions": "none"}'>
<link rel="icon" href="/simulator/dashboard/assets/icon.svg">
<link rel="stylesheet" href="/simulator/dashboard/assets/dashboard.css">
<script src="/simulator/dashboard/assets/htmx.min.js" defer></script>
<main><h1>Polling</h1><ul id="list" hx-get="/part?version=0" hx-trigger="every 50ms"
  hx-swap="outerMorph" hx-sync="this:drop"><li id="row-1"><a href="#a">first</a></li></ul></main>"""


@pytest.fixture
def pages() -> Flask:
    """A server of the style page and the assets, under the policy of the dashboard's pages."""
    app, asked = Flask("style page"), iter(range(1, 10**6))

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["content-security-policy"] = POLICY
        return answer

    @app.get("/polling")
    def polling() -> str:
        return POLLING

    @app.get("/part")
    def part() -> tuple[str, int]:
        number = next(asked)
        if number % 2:
            return "", 204
        rows = f'<li id="row-2">came at {number}</li><li id="row-1"><a href="#a">first</a></li>'
        swap = 'hx-trigger="every 50ms" hx-swap="outerMorph" hx-sync="this:drop"'
        return f'<ul id="list" hx-get="/part?version={number}" {swap}>{rows}</ul>', 200

    @app.get("/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(HERE.parents[1], name)

    return app


@pytest.fixture
def shown(browser: Browser, pages: Flask) -> Iterator[Watch]:
    with Server(pages, "127.0.0.1", 0, 8) as server:
        watch = Watch(browser, f"http://127.0.0.1:{server.port}")
        yield watch
        watch.close()
        assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def style(shown: Watch) -> Page:
    return shown.open("/tests/dashboard/style_page.html")


def test_axe_finds_nothing_wrong_with_any_component(style: Page) -> None:
    assert_accessible(style)


def test_rows_are_low_and_a_detail_covers_the_narrow_list(style: Page) -> None:
    row, listed = style.locator("#delivery-20"), style.locator("section.list")
    for look in in_each_look(style):
        box = row.bounding_box()
        is_wide = "1280" in look
        assert box is not None
        assert (28 <= box["height"] <= 32) == is_wide, (look, box)
        assert listed.is_visible() == is_wide


def test_the_keyboard_reaches_a_row_and_shows_where_it_is(style: Page) -> None:
    link = style.locator("#delivery-20 a.row")
    style.locator("a.pill").first.focus()
    style.keyboard.press("Tab")
    expect(link).to_be_focused()
    assert (
        style.locator("#delivery-20").evaluate("each => getComputedStyle(each).outlineWidth")
        == "2px"
    )


def test_htmx_polls_and_morphs_under_the_policy_of_the_pages(shown: Watch) -> None:
    page = shown.open("/polling")
    link = page.get_by_role("link", name="first")
    link.focus()
    expect(page.get_by_text("came at 4")).to_be_visible()
    expect(page.get_by_text("came at 8")).to_be_visible()
    expect(link).to_be_focused()
    assert page.locator("li").all_inner_texts()[1] == "first"


def test_a_script_in_the_page_is_refused_and_the_watch_tells_it(shown: Watch) -> None:
    page = shown.open("/polling")
    page.locator("h1").evaluate("each => { each.innerHTML = '<img src=x onerror=alert(1)>' }")
    expect(page.locator("img")).to_have_count(1)
    page.evaluate("() => fetch('http://127.0.0.1:9/').catch(() => 0)")
    told = "\n".join(shown.complaints)
    assert "inline event handler" in told
    assert "127.0.0.1:9" in told
    shown.allowed += ["console error", "another host"]
