"""For each check at least one mistaken webhook that it catches, as a server in some framework.

All usual checks are made of each webhook; one for thorough runs only, if the mistake is about it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flowsim.checks import catalogue

from ..checks.consumers import candidate
from ..checks.test_pairs import FAILS
from ..consumers import app, django_app, fastapi_app
from ..consumers.wrong_states import MISTAKES
from ..free_ports import free_port
from ..independent.starting import started
from .checking import CLIENT_ID, Place, Seen, check
from .node_mistakes import IN_NODE, command, is_there
from .side_by_side import side_by_side

AT_ONCE = 2
LIMIT = 3_600.0
"""Seconds for all runs."""

SETTLE = 0.1
"""These webhooks work before they answer."""

PYTHON = {"Flask": app.running, "FastAPI": fastapi_app.running, "Django": django_app.running}

SECRET = "secret-in-address"
"""The check of an address, which no code of a webhook fails."""


@dataclass(frozen=True)
class Case:
    """A mistake in a framework, the checks that it must fail, and the query of its address."""

    framework: str
    mistake: str
    about: tuple[str, ...]
    query: str = ""

    def __str__(self) -> str:
        return f"{self.mistake} in {self.framework}"


@dataclass(frozen=True)
class Result:
    """All cases with what was seen of them."""

    seen: Mapping[Case, Seen]
    names: Sequence[str] = field(default_factory=catalogue.names)

    def catches(self, name: str) -> list[Case]:
        """Return the cases that fail a check, first those that fail few others."""
        found = [case for case, seen in self.seen.items() if name in seen.failed]
        return sorted(found, key=lambda case: (len(self.seen[case].failed), str(case)))

    @property
    def uncaught(self) -> list[str]:
        return [name for name in self.names if not self.catches(name)]

    @property
    def missed(self) -> list[str]:
        """Say of each case which checks about it did not fail."""
        wrong = ((case, {*case.about} - {*seen.failed}) for case, seen in self.seen.items())
        return [f"{case} does not fail {' '.join(sorted(names))}" for case, names in wrong if names]

    def table(self) -> Iterable[str]:
        """Yield a line for each check: the webhook that it catches, and what else that fails."""
        for name in self.names:
            case = next(iter(self.catches(name)), None)
            others = sorted({*self.seen[case].failed} - {name}) if case else []
            beside = f"; also fails {' '.join(others)}" if others else ", alone"
            yield f"{name:26} {f'{case}{beside}' if case else 'caught by NO webhook'}"


def cases() -> list[Case]:
    """Return all mistakes in Node, and those in Python that the other checks need."""
    in_node = [
        Case(framework, mistake, tuple(names.split()))
        for framework, mistakes in IN_NODE.items()
        for mistake, names in mistakes.items()
    ]
    address = Case("plain Node", "nothing", (SECRET,), "?access_token=1")
    shown = {name for case in [*in_node, address] for name in case.about}
    chosen = _fewest([name for name in catalogue.names() if name not in shown])
    return [*in_node, address, *_in_turn(chosen)]


def _fewest(names: Sequence[str]) -> dict[str, list[str]]:
    """Return mistakes with checks: each check is with the mistake that fails the fewest others."""
    found: dict[str, list[str]] = {}
    for name in names:
        fails = [mistake for mistake, failed in FAILS.items() if name in failed.split()]
        if fails:
            mistake = min(fails, key=lambda each: len(FAILS[each].split()))
            found.setdefault(mistake, []).append(name)
    return found


def _in_turn(mistakes: Mapping[str, Sequence[str]]) -> list[Case]:
    """Spread mistakes over the frameworks; some need a server of Python's library."""
    turn = itertools.cycle(PYTHON)
    return [
        Case("plain Python" if MISTAKES[mistake].plain else next(turn), mistake, tuple(names))
        for mistake, names in mistakes.items()
    ]


def see(case: Case) -> Seen:
    """Serve a mistaken webhook and check it."""
    if case.framework not in IN_NODE:
        with candidate(MISTAKES[case.mistake], PYTHON.get(case.framework, app.running)) as webhook:
            own = webhook.running
            place = Place(own.url, webhook.keys_port, own.webhook.restart)
            return check(place, only=_checks(case), settle=SETTLE)
    port, words = free_port(), command(case.framework)
    with started(words, port, MISTAKE=case.mistake, CLIENT_ID=CLIENT_ID) as running:
        place = Place(running.url + case.query, port, running.restart)
        return check(place, only=_checks(case), settle=SETTLE)


def _checks(case: Case) -> list[str]:
    """Return all checks of a usual run, and those for thorough runs that the case is about."""
    return [
        name
        for name in catalogue.names()
        if name in case.about or not catalogue.find(name).is_thorough
    ]


def main() -> bool:
    """Print what each mistake fails, then the table; return whether all is as it should be."""
    if not is_there():
        print("mistakes: Node is needed, and what `make tools` installs for it")
        return False
    seen: dict[Case, Seen] = {}
    for case, found in side_by_side(see, cases(), AT_ONCE, LIMIT):
        seen[case] = found
        print(f"{case!s:48} {found.took:4.0f} s  {' '.join(sorted(found.failed))}", flush=True)
    result = Result(seen)
    print("", *result.table(), "", *result.missed, sep="\n")
    frameworks = len({case.framework for case in seen})
    alone = sum(len(each.failed) == 1 for each in seen.values())
    print(
        f"mistakes: {len(result.names) - len(result.uncaught)} of {len(result.names)} checks catch "
        f"a webhook, by {len(seen)} mistakes in {frameworks} frameworks, {alone} of them alone"
    )
    return not (result.uncaught or result.missed)
