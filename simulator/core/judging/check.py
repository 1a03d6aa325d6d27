"""A check: one statement about a webhook, what is sent for it, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from .observation import Observation
from .probe import Probe
from .verdict import Verdict

GROUPS = {
    "challenge": "the proof that a webhook gives before it gets events",
    "signature": "what is accepted and what is refused, by signatures, keys and recipients",
    "http": "how requests are read and answered",
    "identity": "duplicates, retries and order",
    "payload": "what flow runs may look like",
    "load": "many events at once",
}
"""Groups in the order in which they are checked → what they are about."""

LEVELS = {
    "must": "Adobe's documents or safety demand it",
    "should": "a robust webhook does it",
    "note": "for information",
}

Judge = Callable[[Observation], Verdict]


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the shelf.

    ``claim`` is one sentence, ``why`` says what depends on it, with the ``page`` that it
    follows, ``advice`` what to do if it fails. ``events`` are those of a scenario, with the
    ``registration`` that it has; they happened ``age`` seconds ago. ``probes`` are sent one
    after the other. ``has_new_keys`` tells that the events are signed with keys that no webhook
    has seen. ``needs_effects`` tells that what the webhook did decides, not only what
    it answered; ``uses_effects`` that it counts where it is known. ``is_tried_later`` tells that
    a webhook which puts an event off is tried again after some seconds of real time. ``at_once``
    is how many attempts are under way at once, if fewer than usual.
    """

    name: str
    group: str
    level: str
    claim: str
    why: str
    page: str
    advice: str
    judge: Judge
    events: Sequence[Mapping[str, Any]] = ()
    registration: Mapping[str, Any] = field(default_factory=dict)
    age: float = 0.0
    probes: Sequence[Probe] = ()
    has_new_keys: bool = False
    needs_effects: bool = False
    uses_effects: bool = False
    is_tried_later: bool = False
    at_once: int | None = None

    def rounds(self, at_once: int) -> int:
        """Return how many requests follow each other, if so many are under way at once.

        What happens at one moment is sent at once, as far as there is room.
        """
        moments = [0]
        for event in self.events:
            number = event.get("repeat", 1)
            if "after" in event:
                moments += [1] * number
            else:
                moments[-1] += number
        return sum(ceil(number / at_once) for number in moments) + len(self.probes)
