"""Requests that deliver no event: challenges and validations.

Source: docs/adobe/io-events-protocol.md §3. They do not go through the dispatcher: they are no
deliveries, and are neither signed nor tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ..core import challenge
from ..core.identifiers import uuid4
from ..core.targets import with_query
from ..delivery.transport import Client, request
from ..runtime.clock import pause, present, stopwatch
from .check import ChallengeProbe, Check, Probe
from .hosts import Hosts
from .observation import Exchange

OPENING = 0.4
"""Seconds that a webhook may take to open the validation URL."""

_INTERVAL = 0.02


@dataclass(frozen=True, slots=True)
class Prober:
    """Sends probes to a webhook; ``elapsed`` returns how many seconds the run has lasted."""

    url: str
    client: Client
    hosts: Hosts
    token: str
    elapsed: Callable[[], float]

    async def send(self, check: Check, number: int, probe: Probe) -> Exchange:
        """Send one probe of a check; a validation waits for its URL to be opened."""
        identity, value = (self._uuid(f"{check.name}/{number}/{part}") for part in ("id", "value"))
        if isinstance(probe, ChallengeProbe):
            url = challenge.challenge_url(
                with_query(self.url, probe.query), f"{probe.prefix}{value}"
            )
            headers = challenge.headers_of(identity, present())
            return await self._exchange("GET", url, headers, b"")
        host = self.hosts.foreign_http if probe.foreign else self.hosts.keys
        link = challenge.validation_url(f"http://{host}", identity, value)
        body = challenge.validation_body(link)
        headers = challenge.headers_of(identity, present(), body)
        visits = self.hosts.visits.count()
        exchange = await self._exchange("POST", self.url, headers, body)
        await self._let_open(exchange, visits)
        return exchange

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Exchange:
        began = self.elapsed()
        outcome = await request(self.client, method, url, headers, body)
        return Exchange(method, url, headers, body, outcome, began)

    async def _let_open(self, exchange: Exchange, visits: int) -> None:
        if exchange.status != 200:
            return
        deadline = stopwatch() + OPENING
        while self.hosts.visits.count() == visits and stopwatch() < deadline:
            await pause(_INTERVAL)

    def _uuid(self, name: str) -> str:
        return uuid4(sha256(f"{self.token}/{name}".encode()).digest())
