"""The service's clock as the control calls show it, and how a manual one is told to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..clock import ManualClock, RunningClock, sleep, stopwatch
from ..core.instant import LATEST, spell
from ..errors import ApiError
from .service import Service

_LOOK_EVERY = 0.01
"""Seconds of real time between looks at a clock that is on its way."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What time it is.

    ``kind`` is ``real``, ``manual`` or a speed such as ``60x``. ``end`` is where a manual
    clock will stand still, ``arrived`` whether it does; another clock never stands still.
    """

    now: str
    kind: str
    end: str | None
    arrived: bool


def read(service: Service, patience: float = 0.0) -> ClockReading:
    """Return what time it is, once a manual clock has arrived or ``patience`` seconds are over."""
    clock = service.clock
    if isinstance(clock, ManualClock) and patience:
        _wait_for(clock, patience)
        _keep(service)
    if isinstance(clock, ManualClock):
        arrived = clock.has_arrived
        return ClockReading(spell(clock.now()), "manual", spell(clock.end), arrived)
    speed = clock.speed if isinstance(clock, RunningClock) else 1.0
    kind = "real" if speed == 1.0 else f"{speed:g}x"
    return ClockReading(spell(clock.now()), kind, None, True)


def advance(service: Service, seconds: float, patience: float) -> ClockReading:
    """Let a manual clock go on, wait for it, and return where it is.

    The answer comes when it has arrived, everything due on its way attempted, or after
    ``patience`` seconds of real time. Raises ``ApiError`` 409 for another clock, 400 for a
    time that is too far away.
    """
    clock = service.clock
    if not isinstance(clock, ManualClock):
        raise ApiError(
            409, "Conflict", "the clock goes by itself; start flowsim up with --clock manual"
        )
    if clock.end + timedelta(seconds=seconds) >= LATEST:
        raise ApiError(400, "Bad Request", f"the clock can go on until {LATEST.year - 1} only")
    clock.advance(seconds)
    service.look_again()
    return read(service, patience)


def _keep(service: Service) -> None:
    """Write down where the clock stands, so that it stands there after whatever ends us."""
    with service.database.transaction() as connection:
        service.settings.put_clock(connection, service.clock.now())


def _wait_for(clock: ManualClock, patience: float) -> None:
    started = stopwatch()
    while not clock.has_arrived and stopwatch() - started < patience:
        sleep(_LOOK_EVERY)
