"""The service's clock: what it shows, and how a manual one is advanced and stopped."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

from ...core import duration
from ...core.instant import LATEST, spell
from ...errors import ApiError
from ...runtime.clock import ManualClock, RunningClock, present, sleep, stopwatch
from ..service import Service
from .bodies import UNATTENDED

_LOOK_EVERY = 0.01
"""Seconds of real time between looks at a clock that is on its way."""

_TURN = threading.Lock()
"""Held while a manual clock is started, so that only one of several callers starts it."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What time it is.

    ``kind`` is ``real``, ``manual`` or a speed such as ``60x``. A manual clock stood still at
    ``begin`` and will at ``end``; ``arrived`` tells whether it does. Another clock never stands
    still. ``ahead`` is how far it is ahead of the present, in seconds.
    """

    now: str
    kind: str
    begin: str | None
    end: str | None
    arrived: bool
    ahead: float


def read(service: Service, wait: float = 0.0) -> ClockReading:
    """Return what time it is, once a manual clock has arrived or ``wait`` seconds are over.

    Waiting for a manual clock lets it go on for ``UNATTENDED`` seconds more.
    """
    clock = service.clock
    if isinstance(clock, ManualClock) and wait:
        clock.go_on_for(UNATTENDED + wait)
        _wait_for(clock, wait)
        _keep(service)
    arrived = clock.has_arrived if isinstance(clock, ManualClock) else True
    now = clock.now()
    ahead = round((now - present()).total_seconds(), 3)
    if isinstance(clock, ManualClock):
        begin, end = spell(clock.begin), spell(clock.end)
        return ClockReading(spell(now), "manual", begin, end, arrived, ahead)
    speed = clock.speed if isinstance(clock, RunningClock) else 1.0
    kind = "real" if speed == 1.0 else f"{speed:g}x"
    return ClockReading(spell(now), kind, None, None, arrived, ahead)


def advance(
    service: Service, seconds: float, wait: float, timeout: float | None = None
) -> ClockReading:
    """Advance a manual clock, wait for it, and return where it is.

    The answer comes when the clock has arrived and everything due on its way was attempted, or
    after ``wait`` seconds of real time. Until it arrives, an attempt takes ``timeout`` seconds at
    most. The clock stops if no request waits for it (``read``) for ``UNATTENDED`` seconds. With
    0 seconds the call waits for a clock that is already on its way. Raises ``ApiError`` 409 for
    another clock, and for one that is on its way; 400 for a time that is too far away.
    """
    clock = _manual(service)
    with _TURN:
        is_on_its_way = not clock.has_arrived
        if is_on_its_way and seconds:
            raise ApiError(409, "Conflict", _on_its_way(clock))
        if clock.end + timedelta(seconds=seconds) >= LATEST:
            raise ApiError(400, "Bad Request", f"the clock can go on until {LATEST.year - 1} only")
        if not is_on_its_way:
            service.attempt_limit.shorten(timeout)
            clock.advance(seconds)
        clock.go_on_for(UNATTENDED + wait)
    service.look_again()
    return read(service, wait)


def stop(service: Service) -> ClockReading:
    """Stop a manual clock where it is, and return that; attempts under way go on.

    Raises ``ApiError`` 409 for another clock.
    """
    _manual(service).stop()
    service.look_again()
    _keep(service)
    return read(service)


def _manual(service: Service) -> ManualClock:
    if not isinstance(service.clock, ManualClock):
        raise ApiError(
            409, "Conflict", "the clock moves by itself; start flowsim up with --clock manual"
        )
    return service.clock


def _on_its_way(clock: ManualClock) -> str:
    passed, whole = (
        duration.spell((each - clock.begin).total_seconds()) for each in (clock.now(), clock.end)
    )
    return (
        f"the clock is moving already, {passed} of {whole} have passed; "
        "wait for it with flowsim advance 0, or end that flowsim advance with Ctrl-C; "
        "if that command was killed, the clock stops by itself within a minute"
    )


def _keep(service: Service) -> None:
    """Store what the clock shows, so that the next start goes on from there."""
    with service.database.transaction() as connection:
        service.settings.put_clock(connection, service.clock.now())


def _wait_for(clock: ManualClock, wait: float) -> None:
    started = stopwatch()
    while not clock.has_arrived and stopwatch() - started < wait:
        sleep(_LOOK_EVERY)
