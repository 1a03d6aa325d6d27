"""One delivery in a browser: explained, and harmless whatever is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import Result
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from flowsim.core.served_hosts import LOOPBACK
from flowsim.dashboard import receiver_dashboard
from flowsim.families import registry
from flowsim.installation.key_sources import find_key
from flowsim.receiver.application import create
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.web.server import Server

from ..events_service.running import publish
from ..webhook import Webhook, status
from .service_with_pages import ServiceWithPages
from .watching import NARROW, Watch, each_tab

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>'\"&amp;\u202e{{7*7}}"
TAMPERED = "events: [{flow_run: {}, expect: rejected, faults: [tampered-body]}]"
FIRST = "#list tbody tr >> nth=0"


def test_a_payload_full_of_markup_is_shown_and_not_run(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    up.register(hook.url, name=MARKUP)
    hook.answers = [status(500, MARKUP, x_said=MARKUP.encode("ascii", "replace").decode())]
    run = {"source": "amazon-s3", "name": MARKUP, "records": {"input": 10}}
    up.trigger({"description": MARKUP, "seed": 1, "events": [{"flow_run": run}]})
    expect(page.locator(FIRST)).to_contain_text("<img src=x")
    for _ in each_tab(page):
        assert page.locator("main img, main script").count() == 0
        assert page.get_by_text("49", exact=True).count() == 0
    assert dialogs == []


@pytest.mark.slow
def test_a_phone_shows_the_values_of_a_payload_too(
    watch: Watch, delivered: ServiceWithPages
) -> None:
    page = watch.open(delivered.first_visit, width=NARROW)
    page.locator("a.row").first.click()
    expect(page.locator(".tree .value").first).to_be_visible()
    hidden = [each for each in page.locator(".tree .value").all() if not each.is_visible()]
    assert hidden == []


@pytest.mark.slow
def test_the_tab_chosen_last_stays_though_an_answer_comes_late(
    page: Page, delivered: ServiceWithPages
) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.goto(delivered.first_visit)
    page.locator("a.row").first.click()
    page.route("**/*part=detail&tab=payload*", hold)
    tabs = page.locator("nav.tabs a")
    with page.expect_event("requestfailed"):  # the second click gives up the first request
        tabs.filter(has_text="Payload").click()
        tabs.filter(has_text="Headers").click()
    expect(page.locator("nav.tabs a[aria-current]")).to_have_text("Headers")
    assert len(late) == 1


@pytest.mark.slow
def test_a_body_of_two_megabytes_leaves_the_page_quick(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    registered = up.register(hook.url)
    assert registered
    publish(up.local.service, size=2_000_000)
    up.advance(0)
    page.goto("/")
    page.locator(FIRST).locator("a.row").click()
    expect(page.locator("#detail")).to_contain_text("2,000,")
    for name in ("With line ends", "Exact bytes"):
        page.get_by_role("link", name=name).click()
        expect(page.locator("#tab pre")).to_contain_text("xxxxxxxx")
        expect(page.get_by_role("link", name="Download the whole body")).to_be_visible()
    assert page.locator("*").count() < 3_000
    assert len(page.content()) < 500_000


@pytest.fixture
def received(
    browser: Browser, flowsim: Callable[..., Result], scenario: Callable[[str], str]
) -> Iterator[Page]:
    """The pages of a receiver that got one delivery whose body was changed on the way."""
    stub = ReceivingStub(find_key(None), ReceiverOptions())
    with Server(create(stub, LOOPBACK), "127.0.0.1", 0) as server, ThreadPoolExecutor(1) as thread:
        url = f"http://127.0.0.1:{server.port}/"
        app, access = receiver_dashboard.create(stub, registry.shipped(), LOOPBACK, url)
        thread.submit(flowsim, "replay", scenario(TAMPERED), "--target", url).result()
        with Server(app, "127.0.0.1", 0) as pages:
            watch = Watch(browser, f"http://127.0.0.1:{pages.port}")
            yield watch.open(access.address(watch.origin).removeprefix(watch.origin))
            watch.close()
            assert not watch.complaints, "\n".join(watch.complaints)


def test_a_signature_that_does_not_fit_is_explained_at_its_step(received: Page) -> None:
    received.goto("/?status=4xx")
    received.locator(FIRST).locator("a.row").click()
    received.get_by_role("link", name="Signature").click()
    expect(received.locator(".notice.error strong")).to_have_text("Refuse:")
    expect(received.locator("ol.steps li.fail").first).to_contain_text("Failed:")


@pytest.mark.slow
@pytest.mark.usefixtures("delivered")
def test_each_tab_has_an_address_of_its_own(page: Page) -> None:
    page.goto("/")
    page.locator(FIRST).locator("a.row").click()
    page.get_by_role("link", name="Signature").click()
    expect(page.get_by_text("Accept:")).to_be_visible()
    address = page.url
    page.get_by_role("link", name="Headers").click()
    expect(page.get_by_role("table", name="Headers of the request")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.get_by_text("Accept:")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Accept:")).to_be_visible()


@pytest.mark.slow
@pytest.mark.usefixtures("delivered")
def test_list_and_delivery_fit_in_the_window_side_by_side(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    page.locator(FIRST).locator("a.row").click()
    for name in ("Compare", "Payload"):
        page.get_by_role("link", name=name).click()
        expect(page.locator("nav.tabs a[aria-current]")).to_have_text(name)
        assert page.evaluate("() => document.documentElement.scrollHeight") == 900
        expect(page.locator("footer")).to_be_in_viewport(ratio=1)
    expect(page.locator(f"{FIRST} >> .c-registration")).to_be_visible()
    expect(page.locator(f"{FIRST} >> .c-answer")).to_be_visible()
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#detail h2")).to_have_count(0)
