"""One payload on its way to one webhook: which attempt is next, and when to stop.

Facts: io-events-protocol.md 4.2, 4.3. Nothing here waits; the dispatcher acts on what
``decide`` returns.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, chain, count, islice, takewhile

from .header_lines import HeaderLines
from .identifiers import RandomSource, uuid4
from .outcome import Outcome, location
from .payload import Payload
from .printable import brief
from .signature import SignedPayload

Sign = Callable[[Iterator[Payload]], AsyncIterator[SignedPayload]]
"""Yields payloads in their order, each with its signatures."""

WINDOW = timedelta(hours=24)
"""Retries are made while less than this has passed since the first attempt."""

_FIRST_WAITS_MINUTES = (1, 2, 4, 8)
_LATER_WAITS_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Delivery:
    """A signed payload on its way to ``url``, due at a moment of story time.

    ``number`` counts from 1; ``provider`` is what ``x-adobe-provider`` names. The rest is
    what faults make of it: ``copy`` is above 0 if the same payload is delivered again,
    ``retries`` were made before its first attempt, and it waits until ``behind``
    other deliveries have become due. ``together`` is how many copies, this one included, are sent
    at the same instant. ``headers`` are those of a captured request, which
    are sent as they are. ``is_cut`` marks a captured request whose body is incomplete: no
    attempt at it can succeed, so there is one only. ``is_again`` marks a delivery that the user
    of a service asked for, of an event that was delivered before.
    """

    number: int
    signed: SignedPayload
    due: datetime
    url: str
    provider: str
    copy: int = 0
    retries: int = 0
    behind: int = 0
    together: int = 1
    headers: HeaderLines | None = None
    is_cut: bool = False
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of a delivery: ``number`` counts from 1, ``delivery_id`` is new for each."""

    delivery: Delivery
    number: int
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The webhook acknowledged: any 2xx."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Another attempt follows after some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drop:
    """No further attempt, for a reason."""

    reason: str


Decision = Delivered | Wait | Drop

CUT_OFF = Drop("its body is incomplete")
"""What follows an attempt at a captured request that breaks off."""


def attempt(delivery: Delivery, number: int, chance: RandomSource) -> Attempt:
    """Return an attempt with its own delivery id, the same id at each call.

    The first attempt at a captured request has the id that was captured, if any.
    """
    if delivery.headers is not None and number == 1:
        return Attempt(delivery, 1, brief(delivery.headers.get("x-adobe-delivery-id", "")))
    copy = f".{delivery.copy}" if delivery.copy else ""
    name = f"delivery/{delivery.number}{copy}/{number}"
    return Attempt(delivery, number, uuid4(chance.of_ids(name)))


def backoff(number: int) -> float:
    """Return the seconds between the failure of attempt ``number`` and the next attempt.

    1, 2, 4, 8 minutes, then always 15.
    """
    if number <= len(_FIRST_WAITS_MINUTES):
        return 60.0 * _FIRST_WAITS_MINUTES[number - 1]
    return 60.0 * _LATER_WAITS_MINUTES


def decide(
    outcome: Outcome, number: int, age: timedelta, max_attempts: int | None = None
) -> Decision:
    """Decide what follows attempt ``number``; the delivery is ``age`` old then.

    429, 5xx but 505, and 6xx are tried again on the backoff schedule, inside 24 hours;
    anything else that is not 2xx is dropped at once. A ``Retry-After`` of the webhook is not
    honoured: no document mentions one (4.2).
    """
    status = outcome.status_code
    if 200 <= status < 300:
        return Delivered()
    if not is_retried(status):
        return Drop(_why_dropped(outcome))
    if max_attempts is not None and number >= max_attempts:
        return Drop(_why_last(status, max_attempts))
    wait = backoff(number)
    if age + timedelta(seconds=wait) >= WINDOW:
        return Drop(f"{status} until 24 hours had passed")
    return Wait(wait)


def most_attempts(max_attempts: int | None = None) -> int:
    """Return how many attempts at a delivery there are if none takes any time."""
    most = sum(1 for _ in ages())
    return most if max_attempts is None else min(most, max_attempts)


def ages(number: int = 1, age: float = 0.0) -> Iterator[float]:
    """Yield how old a delivery is at attempt ``number`` and at each later one, in seconds.

    ``age`` is how old it is at attempt ``number``. No attempt takes any time, and all fail.
    """
    window = WINDOW.total_seconds()
    return takewhile(
        lambda each: each < window, chain([age], (age + each for each in _ages(number)))
    )


def attempts_after(number: int, seconds: float) -> int:
    """Return how many attempts at a delivery follow attempt ``number`` within ``seconds``."""
    within = takewhile(lambda passed: passed <= seconds, _ages(number))
    return sum(1 for _ in islice(within, max(0, most_attempts() - number)))


def _ages(number: int) -> Iterator[float]:
    """Yield how many seconds after attempt ``number`` each later attempt follows."""
    return accumulate(map(backoff, count(number)))


def is_retried(status: int) -> bool:
    """Tell whether an answer that is not 2xx is worth another attempt."""
    return status == 429 or (500 <= status < 700 and status != 505)


def _why_last(status: int, attempts: int) -> str:
    if attempts == 1:
        return f"{status} on the only attempt"
    return f"{status} on the last of {attempts} attempts"


def _why_dropped(outcome: Outcome) -> str:
    status = outcome.status_code
    if 300 <= status < 400:
        where = location(outcome)
        to = f"; it leads to {brief(where)}: name that, if it is the webhook" if where else ""
        return f"{status} is a redirect, which is not followed{to}"
    return f"{status} is not retried"
