"""Replays of scenarios whose events all have some faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from click.testing import Result

from flowsim.core.trace import Trace
from flowsim.delivery.summary import Summary
from flowsim.replay.run import ReplayOptions, run
from flowsim.reports.replay_report import Opening
from flowsim.scenario.amendment import Change
from flowsim.story.opening import open_story

from ..webhook import Request, Webhook

Flowsim = Callable[..., Result]


def over_socket(
    flowsim: Flowsim, webhook: Webhook, *named: str, scenario: str = "partial"
) -> tuple[Result, list[Request]]:
    """Replay to a webhook on a socket; return what the command printed, and the requests."""
    setting = f"faults=[{', '.join(named)}]"
    target = ("--target", str(webhook.port))
    return flowsim("replay", scenario, "--set", setting, *target), webhook.requests


class Traces:
    """A report that keeps everything."""

    def __init__(self) -> None:
        self.all: list[Trace] = []

    def opened(self, opening: Opening) -> None:
        pass

    def attempted(self, trace: Trace) -> None:
        self.all.append(trace)

    def closed(self, summary: Summary, elapsed: float) -> None:
        pass


def to_receiver(
    named: Sequence[Any], expect: str, scenario: str = "cloudevents", **options: Any
) -> tuple[Summary, list[Trace]]:
    """Replay to the built-in receiver; return the summary and all traces."""
    changes = [Change("faults", list(named), "a test"), Change("expect", expect, "a test")]
    traces = Traces()
    summary = run([open_story(scenario, changes)], ReplayOptions(**options), traces)
    return summary, traces.all
