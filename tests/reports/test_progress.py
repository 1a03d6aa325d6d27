"""The bar under the lines of a long replay. How it looks on a terminal: test_replay.py."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from flowsim.checks.check import passed
from flowsim.core.delivery import Attempt, Decision, Delivered, Delivery, Drop, Wait
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.reports.progress import CheckBar, ReplayBar

from .findings import result

SENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def a_trace(decision: Decision, events: int) -> Trace:
    notification = Notification("a_code", "event", {})
    batch = tuple(Event(str(n), SENT, "delivered", notification) for n in range(events))
    signed = SignedPayload(Payload(b"[]", "application/json", batch), ("", ""), ("", ""))
    return Trace(
        Attempt(Delivery(1, signed, SENT, "http://w/", "a_provider"), 1, "an id"),
        SENT,
        Outcome(200, 0.0),
        decision,
        None,
    )


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the output pass for a terminal."""
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "80")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_the_bar_moves_on_by_the_events_that_came_to_an_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = ReplayBar(60)
    bar.attempted(a_trace(Wait(60.0), 20))
    bar.attempted(a_trace(Delivered(), 20))
    bar.attempted(a_trace(Drop("why"), 1))
    bar.write("a line")
    bar.close()
    shown = click.unstyle(capsys.readouterr().out)
    assert "21/60" in shown
    assert "events/s" in shown


def test_lines_keep_their_colours_and_their_length(capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like markup of the bar's library is text; a long line is not broken."""
    bar = ReplayBar(60)
    bar.write(f"{click.style('[200]', fg='green')} [bold]{'x' * 200}")
    bar.close()
    shown = capsys.readouterr().out
    assert "\x1b[32m[200]\x1b[0m" in shown
    assert f"[bold]{'x' * 200}" in shown


def test_the_bar_names_the_check_that_runs_and_counts_those_before_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = CheckBar(3)
    for name in ("answers", "unsigned"):
        bar.running(result(passed(), name=name).check)
    bar.close()
    captured = capsys.readouterr()
    assert captured.out == ""
    last = click.unstyle(captured.err).strip().splitlines()[-1]
    assert "1/3" in last
    assert last.rstrip().endswith("unsigned")
