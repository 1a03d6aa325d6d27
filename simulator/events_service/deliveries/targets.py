"""Where a webhook may be called, and how long an attempt may take.

The addresses of a host are kept, so that its name does not lead to another machine later.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence

from ...core.host_names import host_of, is_address
from ...core.targets import Allowed, place_of, refusal
from ...errors import TargetError
from ...runtime.clock import ManualClock, Present
from ...runtime.system_limits import lack

LookUp = Callable[[str], Sequence[str]]
"""Returns the IP addresses of a host; raises ``OSError`` if it has none."""

KEPT = 4096
"""How many hosts are kept; those that were looked up longest ago are looked up again."""


def look_up(host: str) -> Sequence[str]:
    """Return the addresses that the system knows for a host."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 characters
        raise OSError(str(error)) from None
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class Targets:
    """Says which addresses a webhook is called at; safe to use from any thread.

    Deliveries use the addresses that were found when the registration was saved, until it is
    saved again or the service is started again.
    """

    def __init__(self, allowed: Allowed, look_up: LookUp = look_up) -> None:
        self._allowed = allowed
        self._look_up = look_up
        self._pins: dict[str, Sequence[str]] = {}
        self._lock = threading.Lock()

    def check(self, url: str) -> None:
        """Look a webhook's host up and keep its addresses.

        Raises ``TargetError`` if no webhook may be there, ``ExhaustedError`` if it cannot be
        looked up now. A name that is allowed but has no address now may get one later.
        """
        host, _ = place_of(url)
        self._pin(host)

    async def resolve(self, host: str, port: int) -> Sequence[str]:  # noqa: ARG002 - any port
        """Return the addresses to connect to; raises ``OSError`` if there are none to use."""
        try:
            name = host_of(host)
            pinned = self._pins.get(name, ())
            return pinned or await asyncio.to_thread(self._pin, name)
        except TargetError as error:
            raise OSError(str(error)) from None

    def _pin(self, host: str) -> Sequence[str]:
        addresses = self._addresses(host)
        why = refusal(host, addresses, self._allowed)
        if why:
            raise TargetError(why)
        with self._lock:
            self._pins.pop(host, None)
            if addresses:
                self._pins[host] = addresses
            if len(self._pins) > KEPT:
                del self._pins[next(iter(self._pins))]
        return addresses

    def _addresses(self, host: str) -> Sequence[str]:
        if is_address(host):
            return (host,)
        try:
            return self._look_up(host)
        except OSError as error:
            if (ours := lack(error)) is not None:
                raise ours from None
            return ()


TIMEOUT = 10.0
"""Seconds for a whole attempt (4.1)."""


class AttemptLimit:
    """How long to wait for a webhook's answer; safe to use from any thread."""

    def __init__(self, clock: Present) -> None:
        self._clock = clock
        self._shorter = TIMEOUT

    @property
    def seconds(self) -> float:
        """Seconds for a whole attempt that begins now."""
        is_on_its_way = isinstance(self._clock, ManualClock) and not self._clock.has_arrived
        return self._shorter if is_on_its_way else TIMEOUT

    def shorten(self, seconds: float | None) -> None:
        """Wait at most ``seconds`` until a manual clock has arrived; None is the usual time."""
        self._shorter = TIMEOUT if seconds is None else min(TIMEOUT, seconds)
