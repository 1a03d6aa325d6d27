"""``flowsim advance``."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from click.testing import Result

from flowsim.commands import advance
from flowsim.events_service import local_service
from flowsim.events_service.control import overview, timekeeping
from flowsim.events_service.control.bodies import AttemptsQuery
from flowsim.events_service.local_service import LocalServiceOptions
from flowsim.events_service.registrations import actions as registrations

from ..events_service.running import PATIENCE, until
from ..webhook import Request, Webhook, status
from .forked import Forked
from .serving import Serving


def test_a_day_of_failures_is_simulated_and_its_changes_are_printed(serving: Serving) -> None:
    with Webhook([status(503)]) as webhook:
        serving.register(webhook=webhook.url)
        serving.says("trigger", "partial")
        begin = serving.local.clock.now()
        first, change = serving.says("advance", "24h")
        assert len(webhook.requests) == 99
    now = serving.local.clock.now()
    assert (now - begin).total_seconds() == 86_400
    assert first == f"{now:%Y-%m-%d %H:%M:%S} UTC, 1d later; 0 deliveries under way"
    assert change == "mine: ACTIVE → UNSTABLE"


def test_deliveries_under_way_are_counted(serving: Serving) -> None:
    serving.register()
    serving.says("trigger", "partial")
    (line,) = serving.says("advance", "90s")
    assert line.endswith(" UTC, 1m30s later; 1 delivery under way")


def test_deliveries_to_a_deleted_registration_are_counted(serving: Serving) -> None:
    gone = serving.register()
    serving.says("trigger", "partial")
    registrations.delete(serving.service, gone)
    (line,) = serving.says("advance", "90s")
    assert line.endswith("; 1 delivery under way (1 of deleted registrations)")
    assert serving.says("status")[2] == (
        "1 event published, 1 delivery under way (1 of deleted registrations), 0 registrations"
    )


def test_json_has_the_clock(serving: Serving) -> None:
    (line,) = serving.says("advance", "1h", "--json")
    clock = json.loads(line)
    assert (clock["kind"], clock["arrived"]) == ("manual", True)
    assert clock["now"] == clock["end"]


def test_advance_asks_again_until_the_clock_has_arrived(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer may come before the clock has arrived: the command asks again."""
    monkeypatch.setattr(advance, "_LOOK_EVERY", 0)
    serving.register()
    serving.says("trigger", "partial")
    (line,) = serving.says("advance", "1h", "--json")
    assert json.loads(line)["arrived"]


def test_only_a_manual_clock_can_be_advanced(flowsim: Callable[..., Result]) -> None:
    with (
        local_service.run(LocalServiceOptions()) as local,
        patch.dict(os.environ, FLOWSIM_SERVICE=local.url),
    ):
        result = flowsim("advance", "1h")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: the clock moves by itself; start flowsim up with --clock manual\n"
    )


@pytest.mark.parametrize("words", [(), ("soon",), ("-1h",), ("11000d",)])
def test_a_text_that_is_no_duration_is_a_usage_mistake(
    serving: Serving, words: tuple[str, ...]
) -> None:
    assert "Error: " in serving.refuses("advance", *words)


@pytest.mark.parametrize("timeout", ["0", "soon", "10.5s"])
def test_a_timeout_is_at_most_ten_seconds(serving: Serving, timeout: str) -> None:
    assert "--timeout" in serving.refuses("advance", "1h", "--timeout", timeout)


def test_attempts_cut_by_the_timeout_count_as_604(hanging: Webhook, serving: Serving) -> None:
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    until(lambda: len(hanging.requests) == 1)
    serving.says("advance", "3m", "--timeout", "100ms")
    attempts = overview.attempts(serving.service, AttemptsQuery())
    assert [each.status_code for each in attempts] == [604] * 3


@pytest.fixture
def released() -> threading.Event:
    return threading.Event()


@pytest.fixture
def hanging(released: threading.Event) -> Iterator[Webhook]:
    """A webhook that answers when it is released, or when the test is over."""

    def hang(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([hang]) as webhook:
        yield webhook
        released.set()


@contextlib.contextmanager
def advancing(*words: str) -> Iterator[Forked]:
    """Run the command as a process of its own, which waits for a webhook that hangs.

    It says early how far the clock is.
    """
    sooner = {"flowsim.commands.advance._FIRST_LINE": 0.2}
    sooner["flowsim.commands.advance._LOOK_EVERY"] = 0.1
    with Forked("advance", *words, changed=sooner) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_the_clock_of_the_service(
    hanging: Webhook, released: threading.Event, serving: Serving, number: signal.Signals
) -> None:
    hanging.answers.insert(0, status(503))
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    begin = serving.local.clock.now()
    with advancing("24h") as process:
        until(lambda: len(hanging.requests) == 2)
        process.send_signal(number)
        out, said = process.communicate(timeout=PATIENCE)
    released.set()
    assert (process.returncode, out) == (130, "")
    assert said.splitlines()[-1].startswith("stopped: ")
    assert said.endswith(" UTC, 1m of 1d have passed; 1 delivery under way\n")
    until(lambda: timekeeping.read(serving.service).arrived)
    assert (serving.local.clock.now() - begin).total_seconds() == 60


def test_json_says_where_the_clock_was_stopped(hanging: Webhook, serving: Serving) -> None:
    hanging.answers.insert(0, status(503))
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    with advancing("24h", "--timeout", "2s", "--json") as process:
        until(lambda: len(hanging.requests) == 2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    clock = json.loads(out)
    assert (process.returncode, clock["now"]) == (130, clock["end"])


def test_lines_say_how_far_the_clock_is(hanging: Webhook, serving: Serving) -> None:
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    with advancing("24h") as process:
        line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert line.endswith(" UTC, 0s of 1d have passed\n")


def test_a_hint_names_the_timeout_after_a_late_attempt(hanging: Webhook, serving: Serving) -> None:
    """So is how long it takes otherwise: 97 attempts follow the second one, 10 seconds each."""
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    until(lambda: len(hanging.requests) == 1)
    serving.says("advance", "1m", "--timeout", "100ms")
    with advancing("24h") as process:
        line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert line == (
        "hint: an attempt that is not answered takes 10s, so the rest may take about 16m10s; "
        "--timeout 1s counts it as 604 after 1s: press Ctrl-C, and advance the rest with it\n"
    )


def test_a_second_advance_is_refused_and_stops_nothing(hanging: Webhook, serving: Serving) -> None:
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    end = timekeeping.advance(serving.service, 86_400, 0).end
    said = serving.refuses("advance", "1h")
    assert said.startswith("error: the clock is moving already, 0s of 1d have passed; ")
    assert "if that command was killed, the clock stops by itself within a minute" in said
    with advancing("0") as process:
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (130, "stopped waiting; the clock is not stopped\n")
    reading = timekeeping.stop(serving.service)
    assert reading.now < str(end)


def test_a_clock_stopped_by_another_caller_is_an_error(
    hanging: Webhook, released: threading.Event, serving: Serving
) -> None:
    hanging.answers.insert(0, status(503))
    serving.register(webhook=hanging.url)
    serving.says("trigger", "partial")
    with advancing("24h") as process:
        until(lambda: len(hanging.requests) == 2)
        timekeeping.stop(serving.service)
        released.set()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said.splitlines()[-1].startswith("error: the clock was stopped early, at ")
