"""What a check says of a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .exchange import Exchange

State = Literal["passed", "failed", "not judged"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Passed, failed, or not judged, which is neither.

    A failed one has what was ``expected`` beside what was ``received``, and the ``exchange``
    that shows it, if one does. ``note`` is what else there is to say: of one that is not
    judged it is the reason, and what to do about that.
    """

    state: State
    note: str = ""
    expected: str = ""
    received: str = ""
    exchange: Exchange | None = None


def passed(note: str = "") -> Verdict:
    return Verdict("passed", note)


def failed(expected: str, received: str, exchange: Exchange | None = None) -> Verdict:
    return Verdict("failed", "", expected, received, exchange)


def not_judged(reason: str) -> Verdict:
    return Verdict("not judged", reason)
