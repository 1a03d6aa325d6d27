"""A service with its pages, and a browser that looks at them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from flowsim.dashboard import service_dashboard
from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalService, LocalServiceOptions

from .. import compiled_templates
from ..webhook import Webhook, echo
from . import browser as browsers
from .reading import PageReader
from .service_with_pages import ServiceWithPages
from .watching import Watch, watched

expect.set_options(timeout=30_000)
compiled_templates.share()


@pytest.fixture(scope="session")
def shared_browser() -> Iterator[browsers.SharedBrowser]:
    """The browser of this process; without one the test is skipped, and fails in CI."""
    path = browsers.executable()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(browsers.MISSING)
    with browsers.launched(path) as shared:
        yield shared


@pytest.fixture
def browser(shared_browser: browsers.SharedBrowser) -> Iterator[Browser]:
    with shared_browser.in_use() as used:
        yield used


@pytest.fixture
def up(shared_browser: browsers.SharedBrowser) -> Iterator[ServiceWithPages]:
    """A service with its pages on a port of its own, whose clock stands still."""
    del shared_browser  # it is skipped before the service starts
    with ServiceWithPages() as running:
        yield running


@pytest.fixture
def hook(webhook: Webhook) -> Webhook:
    """A webhook that passes the challenge, and answers 200 to all else."""
    webhook.answers = [echo]
    return webhook


@pytest.fixture
def delivered(up: ServiceWithPages, hook: Webhook) -> ServiceWithPages:
    """The service with a success, a partial ingestion and a failure, all delivered."""
    up.register(hook.url, name="orders")
    for scenario in ("success", "partial", "failure-copy"):
        up.trigger(scenario)
    return up


@pytest.fixture
def watch(browser: Browser, up: ServiceWithPages) -> Iterator[Watch]:
    """Opens pages of the service, and fails the test for what goes wrong in them."""
    with watched(browser, up.url) as watch:
        yield watch


@pytest.fixture
def page(watch: Watch, up: ServiceWithPages) -> Page:
    """The first page of the service, opened with the token: it may change something."""
    return watch.open(up.first_visit)


@pytest.fixture
def local() -> Iterator[LocalService]:
    """A service with its pages whose clock stands still, for clients that are no browser."""
    with local_service.run(
        LocalServiceOptions(clock="manual"), pages=service_dashboard.pages
    ) as running:
        yield running


@pytest.fixture
def reader(local: LocalService) -> Iterator[PageReader]:
    with PageReader(local) as client:
        yield client
