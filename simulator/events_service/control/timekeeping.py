"""The service's clock as the control calls show it, and how a manual one is told to go on."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

from ...core import duration
from ...core.instant import LATEST, spell
from ...errors import ApiError
from ...runtime.clock import ManualClock, RunningClock, present, sleep, stopwatch
from ..service import Service
from .bodies import LEASE

_LOOK_EVERY = 0.01
"""Seconds of real time between looks at a clock that is on its way."""

_TURN = threading.Lock()
"""Held while a clock that stands still is told to go on: one caller at a time finds it so."""


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


def read(service: Service, patience: float = 0.0) -> ClockReading:
    """Return what time it is, once a manual clock has arrived or ``patience`` seconds are over.

    Waiting for a manual clock lets it go on for ``LEASE`` seconds more.
    """
    clock = service.clock
    if isinstance(clock, ManualClock) and patience:
        clock.go_on_for(LEASE + patience)
        _wait_for(clock, patience)
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
    service: Service, seconds: float, patience: float, timeout: float | None = None
) -> ClockReading:
    """Let a manual clock go on, wait for it, and return where it is.

    The answer comes when it has arrived, everything due on its way attempted, or after
    ``patience`` seconds of real time. An attempt on its way takes ``timeout`` seconds at most.
    The clock stops where it is once it was not waited for (``read``) for ``LEASE`` seconds.
    No time at all waits for a clock that is on its way. Raises ``ApiError`` 409 for another
    clock, and for one that is on its way; 400 for a time that is too far away.
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
        clock.go_on_for(LEASE + patience)
    service.look_again()
    return read(service, patience)


def stop(service: Service) -> ClockReading:
    """Let a manual clock stand still where it is, and return that; attempts under way go on.

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
    """Write down where the clock stands, so that it stands there after whatever ends us."""
    with service.database.transaction() as connection:
        service.settings.put_clock(connection, service.clock.now())


def _wait_for(clock: ManualClock, patience: float) -> None:
    started = stopwatch()
    while not clock.has_arrived and stopwatch() - started < patience:
        sleep(_LOOK_EVERY)
