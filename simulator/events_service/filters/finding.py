"""What looking for something in an event comes to: refused, absent or found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

Finding = int

REFUSED: Final = 0
"""Something that was asked for is not there, or is there and should not be."""

ABSENT: Final = 1
"""Nothing that was looked at is there, and nothing has to be."""

FOUND: Final = 2
"""All that has to be there is, and something is."""


def together(findings: Iterable[Finding]) -> Finding:
    """Return the finding for conditions that must all hold."""
    strongest: Finding = ABSENT
    for finding in findings:
        if finding == REFUSED:
            return REFUSED
        strongest = max(strongest, finding)
    return strongest


def among(findings: Iterable[Finding]) -> Finding:
    """Return the finding for elements: it is in one of them, or none of them has anything."""
    weakest: Finding = ABSENT
    for finding in findings:
        if finding == FOUND:
            return FOUND
        weakest = min(weakest, finding)
    return weakest
