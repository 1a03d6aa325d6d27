"""How the browser of the tests is found and shared."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from ..checkout import CHECKOUT
from . import browser as browsers

ONE_TEST = "tests/dashboard/test_browser.py::test_other_event_loops_run_beside_the_browser"


def test_other_event_loops_run_beside_the_browser(shared_browser: browsers.SharedBrowser) -> None:
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"
    with shared_browser.in_use() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.set_content("<p>shown</p>")
        assert page.locator("p").inner_text() == "shown"
        context.close()
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "ended"), [("", 0), ("true", 1)])
def test_without_chromium_one_line_says_so_and_ci_fails(ci: str, ended: int) -> None:
    variables = os.environ | {"CI": ci, "PATH": "/nowhere"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ONE_TEST]
    told = subprocess.run(
        command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False
    )
    if browsers.PLACES and any(place.exists() for place in browsers.PLACES):
        pytest.skip("a browser is installed that is not found by PATH")
    assert told.returncode == ended, told.stdout + told.stderr
    lines = [line for line in told.stdout.splitlines() if browsers.MISSING in line]
    assert lines
    assert ci or len(lines) == 1
