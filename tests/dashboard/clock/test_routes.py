"""The page of the clock of a service that runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flowsim.core.instant import parse, spell
from flowsim.core.shell_words import quoted
from flowsim.dashboard import service_dashboard
from flowsim.events_service import local_service
from flowsim.events_service.control import timekeeping
from flowsim.events_service.local_service import LocalService, LocalServiceOptions

from ...events_service.running import PATIENCE, advance, publish, register, settled, until
from ...webhook import Request, Webhook, status
from ..reading import Element, PageReader, parsed


def failing(local: LocalService, webhook: Webhook) -> None:
    """Leave a delivery under way whose first attempt has failed."""
    register(local.service, webhook.url, name="orders")
    publish(local.service)
    settled(local, 1)


def buttons(page: Element) -> list[str]:
    """Return which buttons that move the clock can be pressed."""
    found = page.one("form", id="advance").all("button")
    return ["off" if "disabled" in each.attributes else "on" for each in found]


def test_an_empty_service_shows_the_schedule_of_any_delivery(reader: PageReader) -> None:
    page = reader.page("/clock")
    assert "Nothing: no delivery is under way" in page.one("div", id="live").text
    (table,) = page.all("table")
    assert table.all("tr")[2].text == "2 1m 1m"
    assert len(page.one("svg", class_="ladder").all("path")) == len(table.all("tr")) - 1
    assert reader.twin("/clock")["due"] == {"items": [], "deliveries": 0}


def test_what_is_due_next_stands_in_order_of_time(local: LocalService, reader: PageReader) -> None:
    with Webhook([status(503)]) as webhook:
        failing(local, webhook)
        kinds = [each["kind"] for each in reader.twin("/clock")["due"]["items"]]
        assert kinds == ["attempt", "deletion"]
        first = reader.page("/clock").one("table", class_="due").all("tr")[1]
        assert first.text.startswith("1m attempt 2: sources_flow_run_success")
        assert first.all("a")[0].attributes["href"] == "/clock?delivery=1#ladder"
        advance(local, 3 * 3600)  # more than ten attempts failed
        kinds = [each["kind"] for each in reader.twin("/clock")["due"]["items"]]
        assert kinds == ["attempt", "status", "deletion"]
        assert "UNSTABLE ends" in reader.page("/clock").one("table", class_="due").text


def test_the_clock_moves_to_what_is_due_next(local: LocalService, reader: PageReader) -> None:
    with Webhook([status(503), status(200)]) as webhook:
        failing(local, webhook)
        begin = local.clock.now()
        answer = reader.submit("/clock/advance", step="next", duration="")
        assert (answer.status_code, answer.headers["location"]) == (303, "/clock")
        until(lambda: timekeeping.read(local.service).arrived)
        assert local.clock.now() == begin + timedelta(minutes=1)
        assert len(webhook.requests) == 2
        said = reader.page("/clock").one("div", class_="success").text
        assert said.startswith("1m passed: 1 attempt.")


def test_a_message_says_what_a_fast_forward_has_brought(
    local: LocalService, reader: PageReader
) -> None:
    with Webhook([status(503)]) as webhook:
        failing(local, webhook)
        assert reader.page("/clock").all("div", class_="success") == []
        reader.submit("/clock/advance", duration="3h")
        until(lambda: timekeeping.read(local.service).arrived)
        said = reader.page("/clock").one("div", class_="success").text
        made = len(webhook.requests) - 1
        assert said.startswith(f"3h passed: {made} attempts, orders became UNSTABLE.")
        assert reader.twin("/clock")["happened"] == f"{made} attempts, orders became UNSTABLE"


@pytest.mark.parametrize(("typed", "seconds"), [("2h30m", 9000), ("90", 90), (" 500ms ", 0.5)])
def test_a_typed_duration_moves_the_clock(
    local: LocalService, reader: PageReader, typed: str, seconds: float
) -> None:
    begin = local.clock.now()
    assert reader.submit("/clock/advance", duration=typed).status_code == 303
    assert local.clock.now() == begin + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "'soon' is no duration; expected a duration such as 90s"),
        ("-5", "is no duration"),
        ("99999d", "is no duration"),
        ("<b>1h</b>", "'<b>1h</b>' is no duration"),
        ("", "nothing is due later"),
    ],
)
def test_a_mistake_is_shown_beside_what_was_typed(
    local: LocalService, reader: PageReader, typed: str, said: str
) -> None:
    begin = local.clock.now()
    answer = reader.submit("/clock/advance?delivery=", duration=typed)
    assert answer.status_code == 422
    page = parsed(answer.text)
    assert said in page.one("div", role="alert").text
    assert page.one("input", name="duration").attributes["value"] == typed
    assert local.clock.now() == begin


def test_another_time_limit_than_those_offered_is_refused(reader: PageReader) -> None:
    answer = reader.submit("/clock/advance", duration="1m", limit="1e9")
    assert answer.status_code == 422
    assert "no time limit" in answer.text


def test_a_clock_on_its_way_shows_its_progress_and_stops(
    local: LocalService, reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second way is refused with one sentence until the first has ended."""
    monkeypatch.setattr("flowsim.dashboard.clock.routes._WAIT", 0.0)
    released = threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([status(503), late]) as webhook:
        failing(local, webhook)
        begin = local.clock.now()
        reader.submit("/clock/advance?delivery=1", duration="24h")
        until(lambda: len(webhook.requests) == 2)
        part = reader.page("/clock?part=live&delivery=1")
        assert part.one("progress").attributes["value"] == "60.0"
        assert "1m of 1d have passed" in part.text
        assert buttons(reader.page("/clock")) == ["off"] * 6
        again = reader.submit("/clock/advance", duration="1h")
        assert (again.status_code, again.headers["location"]) == (303, "/clock?refused=moving")
        page = reader.page("/clock?refused=moving")
        notice = page.one("div", id="live").one("div", role="alert").text
        assert notice.endswith("Wait until the clock stands still, or stop it.")
        poll = page.one("div", id="live").attributes["hx-get"]
        assert "refused=moving" in poll
        assert reader.submit("/clock/stop").headers["location"] == "/clock"
        released.set()
        until(lambda: timekeeping.read(local.service).arrived)
        assert local.clock.now() == begin + timedelta(minutes=1)
        assert "was not moved again" not in reader.page(poll).text
        assert buttons(reader.page("/clock")) == ["on"] * 6


def test_a_running_clock_names_the_command_for_a_manual_one(tmp_path: Path) -> None:
    """It is the same service: its port and its data."""
    options = LocalServiceOptions(clock="60x", data=tmp_path)
    with (
        local_service.run(options, pages=service_dashboard.pages) as local,
        PageReader(local) as reader,
    ):
        page = reader.page("/clock")
        assert "stop this service" in page.one("div", class_="notice").text
        port = local.url.split(":")[2].rstrip("/")
        command = f"flowsim up --clock manual --port {port} --data {quoted(str(tmp_path))}"
        assert page.one("code").text == command
        assert page.all("form") == []
        refused = reader.submit("/clock/advance", duration="1h")
        assert refused.status_code == 409
        assert "the clock moves by itself" in refused.text
        assert reader.submit("/clock/stop").status_code == 409


def test_a_page_that_is_up_to_date_gets_no_content(
    local: LocalService, reader: PageReader, webhook: Webhook
) -> None:
    register(local.service, webhook.url)
    version = reader.twin("/clock")["version"]
    path = f"/clock?part=live&version={version}"
    assert reader.get(path).status_code == 204
    publish(local.service)
    settled(local, 1)
    part = reader.page(path)
    assert "6d" in part.text or "7d" in part.text
    assert part.children[0].attributes["id"] == "live"


def test_the_chosen_delivery_has_its_attempts_on_the_ladder(
    local: LocalService, reader: PageReader
) -> None:
    with Webhook([status(503), status(200)]) as webhook:
        failing(local, webhook)
        advance(local, 60)
        page = reader.page("/clock?delivery=1")
        rows = page.one("div", **{"aria-label": "Attempts as a table"}).all("tr")[1:]
        assert [row.all("td")[3].text for row in rows] == ["503 retry", "200 delivered"]
        marks = page.one("svg", class_="ladder").all("path")
        assert [each.attributes["class"] for each in marks] == ["bad", "good"]
        ladder = reader.twin("/clock?delivery=1")["ladder"]
        first, second = (parse(each["at"]) for each in ladder["attempts"])
        assert (second - first, ladder["state"]) == (timedelta(minutes=1), "delivered")
        assert spell(local.clock.now()) == ladder["attempts"][1]["at"]
    assert "no delivery 9" in reader.page("/clock?delivery=9", 404).text
    assert "expected a whole number" in reader.page("/clock?delivery=x", 400).text


@pytest.mark.parametrize("path", ["/clock/advance", "/clock/stop"])
def test_a_change_needs_the_token_and_our_origin(local: LocalService, path: str) -> None:
    begin = local.clock.now()
    with PageReader(local, knows_token=False) as stranger:
        assert stranger.submit(path, duration="1h").status_code == 403
        disabled = stranger.page("/clock").one("form", id="advance").all("button")
        assert all("disabled" in each.attributes for each in disabled)
    with PageReader(local) as reader:
        for origin in ({}, {"origin": "http://127.0.0.1:1"}):
            refused = reader.post(path, data={"duration": "1h"}, headers=origin)
            assert refused.status_code == 403
    assert local.clock.now() == begin
