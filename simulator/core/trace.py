"""The record of one attempt: what was sent, what came back, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .delivery import Attempt, Decision, Delivered, Drop, Wait, is_retried
from .outcome import Outcome


@dataclass(frozen=True, slots=True)
class Trace:
    """One attempt, finished.

    ``sent_at`` is story time. ``verified`` says whether the built-in receiver could
    verify it; it is ``None`` where another webhook got it.
    """

    attempt: Attempt
    sent_at: datetime
    outcome: Outcome
    decision: Decision
    verified: bool | None = None

    @property
    def ending(self) -> str:
        """``delivered``, ``retry`` or ``dropped``."""
        if isinstance(self.decision, Delivered):
            return "delivered"
        return "retry" if isinstance(self.decision, Wait) else "dropped"

    @property
    def reason(self) -> str | None:
        """Why the attempt delivered nothing, in a few words; None if it delivered."""
        if isinstance(self.decision, Drop):
            return self.decision.reason
        return self.outcome.problem or None

    @property
    def cause(self) -> str | None:
        """Why there was no answer, or none that can be read; otherwise none."""
        unread = self.outcome.unread if self.ending != "delivered" else ""
        return self.outcome.problem or unread or None


def meets(expect: str | int, trace: Trace) -> bool:
    """Tell whether the last attempt at an event has the result that its scenario expects.

    See ``fits``.
    """
    if expect == "delivered":
        return trace.ending == "delivered"
    return fits(expect, trace.outcome.status_code)


def fits(expect: str | int, status: int) -> bool:
    """Tell whether the last answer at an event is what its scenario expects.

    ``delivered`` is any 2xx. ``rejected`` is a 4xx but 429, which is dropped at once.
    ``not-delivered`` is any answer but a 2xx, ``not-retried`` a 2xx or one that is dropped at once.
    A status code must be the answer.
    """
    is_2xx = 200 <= status < 300
    if expect == "delivered":
        return is_2xx
    if expect == "rejected":
        return 400 <= status < 500 and status != 429
    if expect == "not-delivered":
        return status < 600 and not is_2xx
    if expect == "not-retried":
        return is_2xx or not is_retried(status)
    return status == expect


def is_refused(expect: str | int) -> bool:
    """Tell whether a scenario expects a webhook to refuse an event."""
    if isinstance(expect, int):
        return not is_accepted(expect)
    return expect in ("rejected", "not-delivered")


def is_accepted(expect: str | int) -> bool:
    """Tell whether a scenario expects a webhook to accept an event: ``delivered``, or a 2xx."""
    return expect == "delivered" or (isinstance(expect, int) and 200 <= expect < 300)
