"""No page is wider than a phone, whatever it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from flowsim.core.payload import provider_id
from flowsim.dashboard.deliveries.detail import TABS
from flowsim.events_service.providers.model import PLATFORM, EventMetadata
from flowsim.events_service.registrations.model import EventOfInterest

from ..events_service.custom_events import CODE as KIND
from ..events_service.custom_events import PROVIDER, custom_provider, publish
from ..events_service.running import register
from ..webhook import Webhook, status
from .service_with_pages import ServiceWithPages
from .test_detail_in_browser import MARKUP
from .watching import NARROW, WIDE, Watch, sideways, watched

LONG = f"{'<b>' * 20}{'W' * 60}"
"""A word that no line has room for."""

NAME = "N" * 255
"""A name as long as it may be, without a space."""

CODE = "c" * 255
"""An event code as long as it may be."""

CODES = ("sources_flow_run_success", "sources_flow_run_failed")

WORD = "w" * 300

STORY = """\
description: {word}
seed: 7
faults: [{{id-form: run}}]
events:
  - {{flow_run: {{source: amazon-s3, name: {word}}}}}
  - {{payload: {{{word}: {word}}}, event_code: {code}, expect: rejected}}
"""


@pytest.fixture
def hostile(up: ServiceWithPages, hook: Webhook) -> ServiceWithPages:
    """The service with deliveries of long words and markup, accepted and refused."""
    up.register(hook.url, name=MARKUP)
    up.trigger("partial")
    hook.answers = [status(500, MARKUP)]
    run = {"source": "amazon-s3", "name": MARKUP * 3, "records": {"input": 10}}
    raw = {
        "payload": {LONG: LONG, "in": [{LONG: MARKUP}]},
        "event_code": "sources_flow_run_success",
    }
    for event in ({"flow_run": run}, raw):
        up.trigger({"description": MARKUP, "seed": 1, "events": [event]})
    up.advance("10m")
    return up


def kind_of(path: str) -> str:
    """Return a path with no names of single things, and the parts of a delivery apart."""
    place, _, query = path.partition("?")
    kind = re.sub(r"^(/\w+)/[^/]+", r"\1/x", place)
    return kind + "".join(re.findall(r"\b(?:tab|form)=\w+|delivery=", query))


def links_of(page: Page) -> list[str]:
    """Return the pages that a page links: no downloads, and no JSON."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('a[href]:not([download])')]"
        ".filter(each => each.origin === location.origin)"
        ".map(each => each.pathname + each.search)"
    )
    return [each for each in found if not each.endswith(("notifications", "/scenario", "/request"))]


@pytest.mark.slow
def test_no_page_of_a_service_with_data_is_wider_than_a_phone(
    watch: Watch, hostile: ServiceWithPages
) -> None:
    page = watch.open(hostile.first_visit, width=NARROW)
    waiting, seen, found = ["/"], set[str](), list[str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        page.goto(path)
        found += [f"{path}: {problem}" for problem in sideways(page)]
        waiting += sorted(links_of(page), key=len, reverse=True)
    assert len(seen) > 20, sorted(seen)
    assert not found, "\n".join(found)


@pytest.fixture
def long_names(browser: Browser, hook: Webhook, tmp_path: Path) -> Iterator[ServiceWithPages]:
    """A service in which every name is as long as it may be, and a webhook that is down."""
    del browser  # it is skipped before the service starts
    for name, text in (("story", STORY), ("broken", STORY.replace("seed", WORD))):
        file = tmp_path / f"{name}{'S' * 200}.yaml"
        file.write_text(text.format(word=WORD, code=CODE))
    with ServiceWithPages(scenarios=tmp_path) as service:
        custom_kind(service)
        long_registration(service, hook)
        hook.answers = [status(500, WORD, x_said=WORD)]
        service.trigger(yaml.safe_load(STORY.format(word=WORD, code=CODE)))
        service.trigger({"events": [{"flow_run": {}, "faults": ["tampered-body"]}]})
        service.advance("10m")
        yield service


def custom_kind(service: ServiceWithPages) -> None:
    known = service.local.service
    custom_provider(known, label=NAME, description=NAME, docs_url=f"http://a.b/{NAME[:200]}")
    with known.database.transaction() as connection:
        known.providers.put_metadata(connection, EventMetadata(PROVIDER, CODE, NAME, NAME))


def long_registration(service: ServiceWithPages, hook: Webhook) -> None:
    """Register a webhook whose every text is as long as it may be."""
    place = service.local.service.installation
    kinds = [(PROVIDER, CODE), *((provider_id(PLATFORM), each) for each in CODES)]
    answer = httpx.post(
        f"{service.url}/events/{place.org}/{place.project}/{place.workspace}/registrations",
        json={
            "client_id": NAME[:128],
            "name": NAME,
            "description": NAME,
            "delivery_type": "webhook",
            "webhook_url": f"{hook.url}/{NAME}",
            "events_of_interest": [{"provider_id": id_, "event_code": code} for id_, code in kinds],
        },
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text


def places(service: ServiceWithPages) -> Iterator[str]:
    """Yield pages with what was typed, beside those that are linked."""
    (made,) = service.local.service.registrations.all()
    one, typed = f"/registrations/{made.registration_id}", urlencode({"set": f"{WORD}=1"})
    yield from ("/", "/clock", "/checks", "/events", "/scenarios", "/registrations")
    for name in ("success", *(f"{each}{'S' * 200}.yaml" for each in ("story", "broken"))):
        yield f"/scenarios/{name}"
        yield f"/scenarios/{name}?fault={WORD}&seed={WORD}&at={WORD}&{typed}&run={WORD}"
    yield "/scenarios/success?fault=key-path-at:%20" + WORD
    yield from (one, f"{one}/filter", f"{one}/journal", f"{one}/edit", f"{one}/delete")
    yield from (f"{one}/journal?since={WORD}&seek={WORD}", f"/registrations/new?find={WORD}")
    for path in ("/", "/scenarios", "/events", "/checks"):
        yield f"{path}?text={WORD}&code={CODE}&registration={made.registration_id}&family={WORD}"
    yield from (f"/{WORD}", f"/deliveries/{WORD}", f"/events/{CODE}", f"/events/{WORD}")
    yield from (f"/deliveries/2?tab={tab}&other=1" for tab in TABS)
    yield from ("/?delivery=2", "/clock?delivery=2")


def widths(page: Page) -> Iterator[str]:
    """Yield what is wider than its place: the page, a pane or a table, with all details open."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (NARROW, 768, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        inner = page.evaluate(
            "() => [...document.querySelectorAll('.pane, .holds-table')]"
            ".filter(each => each.scrollWidth > each.clientWidth).map(each => each.className)"
        )
        yield from (f"{width} px: {problem}" for problem in (*sideways(page), *inner))


@pytest.mark.slow
def test_no_page_is_widened_by_a_long_name(long_names: ServiceWithPages, browser: Browser) -> None:
    with watched(browser, long_names.url) as watch:
        watch.allowed += ["404", "400", "422"]
        page = watch.open(long_names.first_visit)
        found = []
        for path in places(long_names):
            page.goto(path)
            found += [f"{path[:60]}: {problem}" for problem in widths(page)]
        page.goto(f"/scenarios/story{'S' * 200}.yaml")
        page.get_by_role("button", name="Run").click()
        expect(page.locator("#run tbody tr")).to_have_count(2)
        found += [f"a run: {problem}" for problem in widths(page)]
        assert not found, "\n".join(found)


def test_a_deep_payload_fits_a_phone(watch: Watch, up: ServiceWithPages, hook: Webhook) -> None:
    """The tree shows 24 levels; each is inside of the one around it, and there is room for text."""
    custom_provider(up.local.service)
    register(up.local.service, hook.url, events_of_interest=(EventOfInterest(PROVIDER, KIND),))
    data: object = [1768469400000, "word " * 20]
    for _ in range(60):
        data = [data]
    publish(up.local.service, data)
    page = watch.open("/deliveries/1", width=NARROW)
    assert sideways(page) == []
    lefts = page.locator(".tree summary").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().left)"
    )
    assert len(lefts) > 20
    assert lefts == sorted({*lefts})
    assert lefts[-1] < NARROW / 2 + 20
