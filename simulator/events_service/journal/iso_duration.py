"""Durations as ISO 8601 writes them: ``-PT2H``, ``-P5DT2H`` (io-events-protocol.md 5.3)."""

from __future__ import annotations

import re

EXPECTED = (
    "an ISO 8601 duration in weeks, days, hours, minutes and seconds such as -PT2H, -P1D or -P5DT2H"
)

_UNITS = {"W": 604_800, "D": 86_400, "H": 3_600, "M": 60, "S": 1}
_NUMBER = r"([0-9]{1,9})"
_DURATION = re.compile(
    rf"(-?)P(?=[0-9T])(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:([0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?)S)?)?"
)


def parse(text: str) -> float:
    """Return seconds, below zero if the duration is. Raises ``ValueError`` for anything else.

    Years and months are none of them: how long they are depends on when they begin.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(EXPECTED)
    sign, *numbers = found.groups()
    parts = zip(numbers, _UNITS.values(), strict=True)
    seconds = sum(float(number.replace(",", ".")) * unit for number, unit in parts if number)
    return -seconds if sign else seconds
