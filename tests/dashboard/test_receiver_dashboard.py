"""``flowsim receive --open``: the pages show what the receiver got, and why it refused it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from ..commands.forked import Forked
from .reading import Element, parsed


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """The addresses of a receiver and of its pages, and what the browser was opened with."""
    shown = tmp_path / "opened"
    os.mkfifo(shown)  # to read it waits for the browser
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {shown}\n')
    browser.chmod(0o700)
    environment = os.environ | {"BROWSER": f"{browser} %s"}
    words = ("receive", "--port", "0", "--respond", "200,503,400", "--open")
    with Forked(*words, environment=environment) as process:
        webhook, pages = (process.stderr.readline().split()[1] for _ in range(2))
        yield webhook, pages, shown.read_text().strip()
        process.send_signal(signal.SIGTERM)


def page(address: str, path: str) -> Element:
    return parsed(httpx.get(httpx.URL(address).join(path), trust_env=False).text)


def test_the_pages_of_a_receiver_show_what_it_got(
    opened: tuple[str, str, str], flowsim: Callable[..., Result]
) -> None:
    """The browser is opened with the token; a forged event is explained, none is sent again."""
    webhook, pages, browsed = opened
    assert browsed == pages
    assert "flowsim replay partial --target" in page(pages, "/").one("div", class_="empty").text
    flowsim("replay", "partial", "--target", webhook)
    flowsim("replay", "success", "--target", webhook, "--set", "faults=[tampered-body]")
    forged, genuine = page(pages, "/").one("div", id="list").all("tr")[1:]
    assert "partial" in genuine.text
    assert "verified" in genuine.text
    assert "refused" in forged.text
    detail = page(pages, "/deliveries/2?tab=signature").one("section", id="detail")
    assert "Neither signature fits" in detail.text
    assert not detail.all("form", method="post")
    curl = page(pages, "/deliveries/1?tab=curl").one("section", id="detail")
    assert webhook.rstrip("/") in curl.text
    head = page(pages, "/").one("header")
    poll = httpx.URL(pages).join(head.one("p", id="clock").attributes["hx-get"])
    assert httpx.get(poll, trust_env=False).status_code == 204
    links = head.all("a")
    assert [each.text for each in links] == ["flowsim", "Deliveries", "Events"]


def test_the_pages_say_what_adobe_does_after_the_answer_of_the_receiver(
    opened: tuple[str, str, str], flowsim: Callable[..., Result]
) -> None:
    webhook, pages, _ = opened
    for _ in range(3):
        flowsim("replay", "success", "--target", webhook, "--max-attempts", "1")
    shown = page(pages, "/deliveries/1?tab=attempts").one("section", id="detail").text
    assert all(each in shown for each in ("it was delivered", "followed at", "400 is not retried"))
    assert "service's clock" not in shown
    rows = page(pages, "/").one("div", id="list").all("tr")[1:]
    assert [each.one("td", class_="c-answer").text for each in rows] == ["400", "503", "200"]


def test_a_failed_run_that_was_received_is_saved_and_replayed(
    opened: tuple[str, str, str], flowsim: Callable[..., Result], tmp_path: Path
) -> None:
    """It was received at another time than that of its story; a row says once that it is right."""
    webhook, pages, _ = opened
    flowsim("replay", "failure-copy", "--target", webhook)
    (cell,) = page(pages, "/").one("div", id="list").all("td", class_="c-next")
    assert cell.text == "verified"
    saved = httpx.get(httpx.URL(pages).join("/deliveries/1/scenario"), trust_env=False)
    assert saved.status_code == 200
    (tmp_path / "saved.yaml").write_text(saved.text)
    flowsim("replay", str(tmp_path / "saved.yaml"), "--target", webhook, "--max-attempts", "1")
    first, again = (
        httpx.get(httpx.URL(pages).join(f"/deliveries/{number}/body"), trust_env=False).json()
        for number in (1, 2)
    )
    assert first[0]["messages"] == again[0]["messages"]
    assert first[0]["eventid"] == again[0]["eventid"]
