"""Checks one webhook as a user does, and keeps what the parts of ``make verdicts`` compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from flowsim.checks import held
from flowsim.checks.findings import Findings
from flowsim.checks.obstacles import is_about_speed
from flowsim.checks.options import CheckOptions, Watcher, over_http
from flowsim.checks.pace import Pace
from flowsim.checks.run import run

CLIENT_ID = "0123456789abcdef0123456789abcdef"

TIMEOUT = 10.0
"""Seconds that Adobe waits for an answer; 30 are too many for a webhook that hangs."""


@dataclass(frozen=True)
class Place:
    """Where a webhook is, and how it is restarted."""

    url: str
    keys_port: int
    restart: Callable[[], None]

    def at(self, route: str) -> str:
        """Return an address beside ``/hook``."""
        return f"{self.url.partition('?')[0].removesuffix('/hook')}{route}"


@dataclass(frozen=True)
class Seen:
    """What a run of checks said.

    ``failed`` has the level of each failed check, and ``why`` what was expected of it and what was
    received. ``about_speed`` are failed ones that a slow webhook may fail. ``unjudged`` are those
    that are not judged. ``announced`` and ``took`` are seconds.
    """

    failed: Mapping[str, str]
    why: Mapping[str, str]
    about_speed: frozenset[str]
    unjudged: frozenset[str]
    exit_code: int
    announced: float
    took: float
    problem: str

    @property
    def musts(self) -> set[str]:
        return {name for name, level in self.failed.items() if level == "must"}


def check(place: Place, **options: Any) -> Seen:
    """Check a webhook; raise KeyboardInterrupt if a signal ends the run.

    Thorough runs do not wait until late duplicates are a minute old: no mistake here needs that.
    """
    announced: list[float] = []

    def note(_: Pace, seconds: float) -> None:
        announced.append(seconds)

    given = {
        "processed": place.at("/processed/{event_id}"),
        "state": place.at("/runs/{run_id}"),
        "restart": place.restart,
        "keys_port": place.keys_port,
        **options,
    }
    with patch.object(held, "AGE", 0.0):
        findings = run(
            CheckOptions(place.url, CLIENT_ID, **given),
            over_http(place.url, timeout=TIMEOUT),
            Watcher(measured=note),
        )
    if findings.stopped:
        raise KeyboardInterrupt
    return _seen(findings, announced[-1] if announced else findings.elapsed)


def _seen(findings: Findings, announced: float) -> Seen:
    failed = findings.with_state("failed")
    return Seen(
        {each.check.name: each.level for each in failed},
        {each.check.name: f"{each.verdict.expected}: {each.verdict.received}" for each in failed},
        frozenset(each.check.name for each in failed if is_about_speed(each.check)),
        frozenset(each.check.name for each in findings.with_state("not judged")),
        findings.exit_code,
        announced,
        findings.elapsed,
        findings.problem,
    )
