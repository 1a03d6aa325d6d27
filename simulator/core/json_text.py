"""JSON as requests bring it: read strictly, so that it can be written again as it was meant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .value_count import refuse_many

DEEPEST = 100
"""Objects and arrays within each other, at most; what renders events calls itself for each."""


def parse(body: bytes) -> Any:
    """Return what JSON in UTF-8 holds.

    Raises ``ValueError`` with a sentence for everything else: other encodings, numbers that
    are infinite or none, halves of surrogate pairs, more than ``DEEPEST`` levels. More than
    ``MOST_VALUES`` are a ``TooManyValuesError``.
    """
    refuse_many(body)
    content = _decode(body)
    if body.count(b"[") + body.count(b"{") > DEEPEST and is_deeper(content):
        raise ValueError(_TOO_DEEP)
    if b"\\u" in body:
        _refuse_surrogates(content)
    return content


def _decode(body: bytes) -> Any:
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:
        if "digits" in str(error):  # Python's own limit, whose text names its settings
            raise ValueError("a number has more than 4,300 digits") from None
        raise


def _finite(text: str) -> float:
    number = float(text)
    if number - number:
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def is_deeper(content: Any) -> bool:
    """Tell whether there are more than ``DEEPEST`` objects and arrays within each other."""
    level = [content]
    for _ in range(DEEPEST):
        inner = (child for each in level for child in _children(each))
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _children(content: Any) -> Iterable[Any]:
    if isinstance(content, dict):
        return content.values()
    return content if isinstance(content, list) else ()


def _refuse_surrogates(content: Any) -> None:
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError(r"an escape from \ud800 to \udfff stands alone: no character") from None


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)
_TOO_DEEP = f"more than {DEEPEST} objects and arrays are within each other"
