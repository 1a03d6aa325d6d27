"""A manual clock of a service, advanced by a test."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from flowsim.events_service.service import Service
from flowsim.runtime.clock import ManualClock


def advance(service: Service, by: timedelta) -> None:
    """Let time pass for a service that delivers nothing."""
    assert isinstance(service.clock, ManualClock)
    service.clock.advance(by.total_seconds())
    changed = asyncio.Event()
    changed.set()
    asyncio.run(service.clock.until(None, changed, earliest=None))
    assert service.clock.has_arrived
