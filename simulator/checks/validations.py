"""Whether a webhook opens the validation URLs that are posted to it, and how long it may take.

Adobe gives it 5 minutes (docs/adobe/io-events-protocol.md §3.2). Requests at our hosts are noted
until the end of the run, so a webhook that opens the URL from a queue has as long as all other
checks take, and at least ``OPENING``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from ..core.challenge import is_echoed
from ..runtime.clock import pause
from .check import ValidationProbe
from .check_run import CheckRun
from .observation import Exchange
from .visits import Host, Visit, Visits

OPENING = 10.0
"""Seconds that a webhook has at least to open a validation URL, if that is its only proof."""

FOREIGN_OPENING = 0.4
"""Seconds that a webhook has at least to open a validation URL that it must not open."""

_INTERVAL = 0.02


def challenge_of(url: str) -> str:
    """Return the value that a URL asks to be echoed, or that proves who opens it."""
    return parse_qs(urlsplit(url).query)["challenge"][-1]


def is_proof(asked: Exchange) -> bool:
    """Return whether the answer to a GET echoes its challenge."""
    return is_echoed(asked.outcome, challenge_of(asked.url))


def is_opened(posted: Exchange, visits: Iterable[Visit], host: Host = "keys") -> bool:
    """Return whether the validation URL of a POST was opened; each POST has another one."""
    value = challenge_of(json.loads(posted.body)["validationUrl"])
    return any(each.host == host and each.is_validation and value in each.path for each in visits)


async def let_open(
    runs: Sequence[CheckRun], visits: Visits, elapsed: Callable[[], float], time_limit: float
) -> None:
    """Wait for the validation URLs on which a verdict depends, not beyond ``time_limit``.

    ``elapsed`` returns how many seconds the whole run has lasted.
    """
    while elapsed() < time_limit:
        noted = visits.since(0)
        awaited = (each for run in runs for each in _awaited(run))
        if not any(
            elapsed() < posted.ended + seconds and not is_opened(posted, noted, host)
            for posted, host, seconds in awaited
        ):
            return
        await pause(_INTERVAL)


def _awaited(run: CheckRun) -> Iterator[tuple[Exchange, Host, float]]:
    """Yield each POST that was answered with 200, the host of its URL, and the time for it.

    A webhook that has echoed the challenge need not open any.
    """
    answered = [each for each in run.exchanges if not each.events]
    is_proven = any(each.method == "GET" and is_proof(each) for each in answered)
    for probe, each in zip(run.check.probes, answered, strict=False):
        if not isinstance(probe, ValidationProbe) or each.status != 200:
            continue
        if probe.foreign:
            yield each, "foreign", FOREIGN_OPENING
        elif len(answered) > 1 and not is_proven:
            yield each, "keys", OPENING
