"""Correct webhooks, quick and slow: none may be blamed but by a check about speed.

Four slow ones run side by side, each with a group of checks that fits into its time, then two quick
ones at a time, and two at full load. Also compares the time
that a run announces with the time that it takes.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..free_ports import free_port
from ..independent.starting import running
from .checking import CLIENT_ID, Place, Seen, check
from .side_by_side import side_by_side
from .slow_keys import slow_keys

LIMIT = 400.0
"""Seconds for the slow runs."""

QUICK_LIMIT = 90.0
"""Seconds for the quick ones."""

LOAD_LIMIT = 150.0
"""Seconds for those at full load."""

TIME = 90.0
"""Seconds for a slow run; what does not fit is not judged."""

NEAR = 3.0
"""Seconds by which the announced time may always differ."""

KEY_HOST = 2.0
"""Seconds that the slow key host takes."""


@dataclass(frozen=True)
class Case:
    """A correct webhook, and how it is run.

    ``variables`` are those of tests/independent; ``only`` are groups of checks. ``key_host`` is how
    many seconds the key host takes. ``at_full_load`` means that busy processes run beside.
    """

    name: str
    only: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    key_host: float = 0.0
    thorough: bool = False
    at_full_load: bool = False

    def __str__(self) -> str:
        how = [f"{name}={value}" for name, value in self.variables.items()]
        how += [f"key host of {self.key_host:g} s"] * bool(self.key_host)
        how += ["thorough"] * self.thorough + ["at full load"] * self.at_full_load
        return f"{self.name}: {', '.join(how) or 'at once'}; {', '.join(self.only) or 'all checks'}"


def slow(name: str, delay: int, *only: str, threads: str = "many") -> Case:
    """Return a webhook that takes ``delay`` seconds for a delivery."""
    return Case(name, only, {"DELAY": str(delay), "THREADS": threads})


SLOW = [
    slow("correct_flask", 1, "http", threads="1"),
    slow("correct_fastapi", 1, "signature"),
    slow("correct_django", 1, "identity", threads="1"),
    slow("correct_express", 1, "payload"),
    slow("correct_http", 3, "load", "challenge", threads="1"),
    slow("correct_flask", 3, "identity"),
    slow("correct_fastapi", 3, "http", threads="1"),
    slow("correct_django", 8, "http"),
    slow("correct_express", 8, "payload", threads="1"),
    slow("correct_http", 8, "identity"),
    Case("correct_fastapi", ("identity",), {"QUEUE": "5"}),
    Case("correct_http", ("load", "payload"), {"QUEUE": "5"}),
    Case("correct_flask", ("signature",), {"KEY_SECONDS": "4"}, key_host=KEY_HOST),
    Case("correct_express", ("http", "identity"), {"KEY_SECONDS": "4"}, key_host=KEY_HOST),
]

QUICK = [
    Case("correct_http", thorough=True),
    Case("correct_flask"),
    Case("correct_fastapi"),
    Case("correct_express"),
]

AT_FULL_LOAD = [
    Case("correct_django", at_full_load=True),
    Case("correct_express", ("http",), {"DELAY": "1", "THREADS": "1"}, at_full_load=True),
]


@dataclass(frozen=True)
class Judged:
    """A run, and what was seen of it."""

    case: Case
    seen: Seen

    @property
    def alarms(self) -> list[str]:
        """The failed checks that are not about speed."""
        return sorted({*self.seen.failed} - self.seen.about_speed)

    @property
    def is_blamed(self) -> bool:
        by_speed = bool(self.seen.musts & self.seen.about_speed)
        return bool(self.alarms) or self.seen.exit_code not in (0, int(by_speed))

    @property
    def is_estimated(self) -> bool:
        """Whether the announced time is right within a factor of two, or foreseeable at all."""
        took, announced = self.seen.took, self.seen.announced
        is_near = abs(took - announced) <= NEAR or took / 2 <= announced <= took * 2
        return is_near or self.case.at_full_load

    def __str__(self) -> str:
        seen = self.seen
        speed = f"; slow: {' '.join(sorted(seen.about_speed))}" if seen.about_speed else ""
        blamed = (
            f"BLAMED {' '.join(self.alarms)} {seen.problem}" if self.is_blamed else "not blamed"
        )
        time = f"announced {seen.announced:.0f} s, took {seen.took:.0f} s"
        wrong = "" if self.is_estimated else " WRONG ESTIMATE"
        return f"{self.case}: {blamed}{speed}; {len(seen.unjudged)} not judged; {time}{wrong}"


def see(case: Case) -> Seen:
    """Start a correct webhook and check it."""
    port = free_port()
    with contextlib.ExitStack() as stack:
        asked = port
        if case.key_host:
            asked = stack.enter_context(slow_keys(port, case.key_host))
        variables = {"CLIENT_ID": CLIENT_ID, **case.variables}
        started = stack.enter_context(running(case.name, asked, **variables))
        place = Place(started.url, port, started.restart)
        limit: dict[str, Any] = {"time_limit": TIME} if case.variables or case.key_host else {}
        return check(place, only=case.only, thorough=case.thorough, **limit)


@contextlib.contextmanager
def full_load(processes: int = 2) -> Iterator[None]:
    """Keep processors busy."""
    with contextlib.ExitStack() as stack:
        for _ in range(processes):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        yield


def main() -> bool:
    """Print each run; return whether no webhook is blamed, and all times are announced right."""
    judged = [*_seen(SLOW, 4, LIMIT), *_seen(QUICK, 2, QUICK_LIMIT)]
    with full_load():
        judged += _seen(AT_FULL_LOAD, 2, LOAD_LIMIT)
    alarms = sum(each.is_blamed for each in judged)
    wrong = sum(not each.is_estimated for each in judged)
    print(
        f"correct: {alarms} false alarms in {len(judged)} runs; "
        f"{wrong} announced times beyond a factor of two"
    )
    return not alarms and not wrong


def _seen(cases: list[Case], at_once: int, limit: float) -> Iterator[Judged]:
    for case, seen in side_by_side(see, cases, at_once, limit):
        judged = Judged(case, seen)
        print(judged, flush=True)
        if judged.is_blamed:
            print(*(f"    {name}: {seen.why[name]}" for name in judged.alarms), sep="\n")
        yield judged
