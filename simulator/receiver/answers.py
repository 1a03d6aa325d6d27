"""What a receiving stub is told to answer: ``timeout,reset,503*2,200``."""

from __future__ import annotations

import re

from ..errors import SettingError
from ..web.silences import SILENCES, Silence

_PART = re.compile(rf"(\d{{3}}|{'|'.join(SILENCES)})(?:\*(\d{{1,6}}))?")


def parse(text: str) -> tuple[int | Silence, ...]:
    """Return status codes and silences in order; the last one is repeated for ever.

    Raises ``SettingError`` for anything else, for codes that are not from 200 to 599, and for
    counts that are not above 0.
    """
    found: list[int | Silence] = []
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        answer = _answer(match[1]) if match else None
        if match is None or answer is None or match[2] == "0":
            raise SettingError(
                f"cannot answer {text!r}: expected {', '.join(SILENCES)} or status codes from 200 "
                "to 599, as in 503*2,200"
            )
        found += [answer] * int(match[2] or 1)
    return tuple(found)


def _answer(word: str) -> int | Silence | None:
    for silence in SILENCES:
        if word == silence:
            return silence
    return int(word) if 200 <= int(word) <= 599 else None


def nth(answers: tuple[int | Silence, ...], number: int) -> int | Silence:
    """Return the answer to the ``number``th request, from 1."""
    return answers[min(number, len(answers)) - 1]
