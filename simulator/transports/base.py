"""What every transport does: one request, one outcome, no exception for what a webhook does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..core.outcome import Outcome


class Transport(Protocol):
    """Brings one request to a webhook.

    A webhook that does not answer is an ``Outcome`` with a 6xx code, never an exception. Raises
    ``ExhaustedError`` if flowsim itself lacks what a request takes.
    """

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome: ...


class Client(Transport, Protocol):
    """A transport that can also ask."""

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome: ...
