"""Webhooks of ``tests/consumers`` on real ports, checked as a user checks a webhook."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowsim.checks import catalogue
from flowsim.checks.check import Check
from flowsim.checks.findings import CheckResult, Findings
from flowsim.checks.options import CheckOptions, over_http
from flowsim.checks.run import run

from ..consumers.app import Running, running
from ..consumers.correct import CorrectConsumer
from ..free_ports import free_port

CLIENT_ID = "0123456789abcdef0123456789abcdef"

USUAL = {name for name in catalogue.names() if not catalogue.find(name).is_thorough}
"""Checks that are also sent if a run is not thorough."""


@dataclass(frozen=True)
class Candidate:
    """A webhook that runs, and the port at which it expects the key host."""

    running: Running
    keys_port: int

    def check(self, *only: str, skip: Sequence[str] = (), **options: Any) -> Findings:
        """Check it, with what it processed and keeps, unless ``processed`` or ``state`` is none."""
        timeout = options.pop("timeout", 30.0)  # an answer may be slow
        watcher = options.pop("watcher", None)
        given = {
            "processed": self.running.processed,
            "state": self.running.state,
            "settle": 0.1,  # it works before it answers
            "keys_port": self.keys_port,
            "restart": self.running.webhook.restart,
            **options,
        }
        url = given.pop("url", self.running.url)
        return run(
            CheckOptions(url, CLIENT_ID, only=only, skip=skip, **given),
            over_http(url, timeout=timeout),
            watcher,
        )


Serve = Callable[[CorrectConsumer], contextlib.AbstractContextManager[Running]]


@contextlib.contextmanager
def candidate(kind: type[CorrectConsumer], serve: Serve = running) -> Iterator[Candidate]:
    """Start a webhook of some kind."""
    port = free_port()
    with serve(kind(CLIENT_ID, f"http://127.0.0.1:{port}")) as started:
        yield Candidate(started, port)


def shortened(find: Callable[[str], Check]) -> Callable[[str], Check]:
    """Return a function that finds checks with fewer events of a kind.

    They have fewer rounds of races and fewer variations; a burst has 20 events.
    """

    def found(name: str) -> Check:
        check = find(name)
        events = check.events
        if name in ("burst", "burst-processed"):
            events = [{"faults": [{"burst": 20}]}]
        if name == "simultaneous-duplicates":
            events = [{**each, "repeat": 1} for each in events]
        return replace(check, events=[*events[:4], *events[-4:]] if len(events) > 8 else events)

    return found


def named(findings: Findings, state: str) -> set[str]:
    """Return the names of the checks with a verdict."""
    return {each.check.name for each in findings.results if each.verdict.state == state}


def result(findings: Findings, name: str) -> CheckResult:
    return next(each for each in findings.results if each.check.name == name)
