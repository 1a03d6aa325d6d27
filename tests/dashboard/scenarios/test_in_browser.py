"""Scenarios in Chromium: edited, run, and watched."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ...webhook import Webhook, echo, status
from ..service_with_pages import ServiceWithPages
from ..watching import Watch, assert_accessible

BROKEN = "seed: 7\nevents:\n  - {flow_run: {}}\n  - {flow_rum: {}}\n"


def test_a_run_is_watched_until_its_deliveries_have_ended(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    """The first attempt fails; its mark and that of the retry appear by themselves."""
    hook.answers = [echo, status(503), status(200)]
    up.register(hook.url)
    page.goto("/scenarios/partial")
    page.get_by_role("button", name="Run").click()
    run = page.locator("#run")
    expect(run).to_contain_text("1 event published")
    expect(run.locator(".mark.status-5xx")).to_be_visible()
    expect(run).to_contain_text("deliveries under way")
    up.advance("2m")
    expect(run).to_contain_text("all deliveries have ended")
    expect(run.locator(".mark.status-2xx")).to_be_visible()
    run.get_by_role("link", name="sources_flow_run_success").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)


@pytest.mark.slow
def test_a_fault_is_chosen_and_seen_before_the_run(
    page: Page, up: ServiceWithPages, hook: Webhook
) -> None:
    up.register(hook.url)
    page.goto("/scenarios/partial")
    page.get_by_text("Options: seed").click()
    page.get_by_label("Add a fault").select_option("duplicate")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".story .badge.is-warn")).to_have_text("duplicate")
    page.get_by_role("button", name="Run").click()
    run = page.locator("#run")
    expect(run).to_contain_text("clock stands still")
    up.advance("1h")
    expect(run).to_contain_text("all deliveries have ended")
    expect(run.locator(".mark.status-2xx")).to_have_count(2)


@pytest.mark.slow
def test_pages_of_scenarios_are_accessible_in_each_look(
    browser: Browser, hook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "broken.yaml").write_text(BROKEN)
    with ServiceWithPages(scenarios=tmp_path) as up:
        watch = Watch(browser, up.url)
        page = watch.open(up.first_visit)
        up.register(hook.url)
        for path in ("/scenarios", "/scenarios/broken.yaml", "/scenarios/platform-day"):
            page.goto(path)
            assert_accessible(page)
        page.get_by_role("button", name="Run").click()
        expect(page.locator("#run")).to_be_visible()
        assert_accessible(page)
        watch.close()
        assert not watch.complaints


@pytest.mark.slow
def test_a_repaired_file_is_right_after_a_reload(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BROKEN)
    with ServiceWithPages(scenarios=tmp_path) as up:
        watch = Watch(browser, up.url)
        page = watch.open("/scenarios/mine.yaml")
        expect(page.locator(".mistakes mark")).to_have_text("flow_rum")
        file.write_text(BROKEN.replace("rum", "run"))
        page.reload()
        expect(page.locator(".story tbody tr")).to_have_count(2)
        watch.close()
        assert not watch.complaints
