"""One request of a check, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..event import Event
from ..outcome import LABELS, Outcome
from ..wire import Wire


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its outcome.

    ``began`` is in seconds of real time since the checks began. What follows is empty for a
    request that delivers no event: ``delivery`` is its number and which copy of it this is,
    ``attempt`` counts from 1, ``ending`` is ``delivered``, ``retry`` or ``dropped``, ``wire``
    says how the request was written if a fault wrote it.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    outcome: Outcome
    began: float
    events: tuple[Event, ...] = ()
    delivery: tuple[int, int] = (0, 0)
    attempt: int = 1
    ending: str = ""
    wire: Wire | None = None

    @property
    def status(self) -> int:
        return self.outcome.status_code

    @property
    def ended(self) -> float:
        """When the answer was there, or the attempt was given up."""
        return self.began + self.outcome.elapsed

    @property
    def is_accepted(self) -> bool:
        """Tell whether the webhook acknowledged the request: any 2xx."""
        return 200 <= self.status < 300

    @property
    def is_answered(self) -> bool:
        """Tell whether there was an HTTP answer at all."""
        return self.status not in LABELS

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults that the request suffers."""
        return tuple(fault.name for fault in self.events[0].faults) if self.events else ()
