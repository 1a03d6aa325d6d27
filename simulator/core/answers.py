"""What a receiving stub is told to answer: ``503*2,200``."""

from __future__ import annotations

import re

from ..errors import SettingError

_PART = re.compile(r"(\d{3})(?:\*(\d{1,6}))?")


def parse(text: str) -> tuple[int, ...]:
    """Return status codes in order; the last one is repeated for ever.

    Raises ``SettingError`` for anything else than status codes from 200 to 599 and counts.
    """
    codes: list[int] = []
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None or not 200 <= int(match[1]) <= 599 or match[2] == "0":
            raise SettingError(
                f"cannot answer {text!r}: expected status codes from 200 to 599, as in 503*2,200"
            )
        codes += [int(match[1])] * int(match[2] or 1)
    return tuple(codes)


def nth(codes: tuple[int, ...], number: int) -> int:
    """Return the answer to the ``number``th request, from 1."""
    return codes[min(number, len(codes)) - 1]
