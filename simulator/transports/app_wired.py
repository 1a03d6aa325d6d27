"""Requests to an application in this process as faults of the wire write them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ..core.app_request import AppRequest
from ..core.outcome import Outcome
from ..core.wire import Wire
from .outcomes import broken_off, failed


@dataclass(frozen=True, slots=True)
class AppWired:
    """Posts one attempt as its ``wire`` says, by ``exchange``.

    The application works to its end; what it answers is lost where nobody is there to read it.
    """

    exchange: Callable[[AppRequest], Awaitable[Outcome]]
    wire: Wire

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back."""
        outcome = await self.exchange(AppRequest("POST", url, headers, body, self.wire))
        error = broken_off(self.wire)
        return outcome if error is None else failed(error, outcome.elapsed, str(error))
