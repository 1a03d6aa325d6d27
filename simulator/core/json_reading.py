"""JSON as others wrote it: read strictly, within limits of values and of levels.

Python's own reader accepts constants that are not JSON (``NaN``), and has no limits. Each value
becomes an object in memory, so values are counted before anything is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

MOST_VALUES = 250_000
"""The most values that a request may have, as many as a scenario."""

MOST_IN_FILE = 2_000_000
"""The most values that a file or an answer may have that the user asked to read."""

DEEPEST = 100
"""The most objects and arrays within each other: events are rendered by recursion."""

_TOO_DEEP = f"more than {DEEPEST} objects and arrays are within each other"

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([,\[{])', re.DOTALL)
"""A string, or a character that is counted outside of strings."""


class TooManyValuesError(ValueError):
    """JSON text with more values than are read."""


class Number(Decimal):
    """A number of JSON; those that differ in spelling only, such as 1.0 and 1, are equal."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Number:
        try:
            number = super().__new__(cls, text)
        except InvalidOperation:
            raise ValueError(f"the number {text[:20]} is too large") from None
        number.text = text
        return number


def refuse_many(text: str, most: int = MOST_VALUES) -> None:
    """Raise ``TooManyValuesError`` for text that may have more than ``most`` values.

    A value is counted by the comma before it, or the bracket around it. So time is in
    proportion to the length, and nothing is built. Text that is not JSON is not noticed.
    """
    if sum(map(text.count, ",[{")) < most:  # strings included: quicker, and enough for most
        return
    found = _TOKEN.finditer(text)
    if next(islice((each for each in found if each.lastindex), most - 1, None), None):
        raise TooManyValuesError(f"more than {most:,} values; expected fewer")


def parse_text(text: str, *, most: int = MOST_VALUES, **hooks: Callable[[Any], Any]) -> Any:
    """Return the value of JSON text; raises ``ValueError`` for text that is not JSON.

    Text with more than ``most`` values is a ``TooManyValuesError``. ``hooks`` are those of
    ``json.loads``.
    """
    refuse_many(text, most)
    try:
        return json.loads(text, parse_constant=_refuse, **hooks)  # type: ignore[arg-type]
    except RecursionError:
        raise ValueError("nested too deep") from None


def is_json(body: bytes) -> bool:
    """Tell whether bytes are JSON in UTF-8, of at most ``MOST_IN_FILE`` values."""
    try:
        parse_text(body.decode("utf-8"), most=MOST_IN_FILE, parse_int=str, parse_float=str)
    except ValueError:
        return False
    return True


def parse_body(body: bytes) -> Any:
    """Return the JSON value of a request's body, which can be written again with the same meaning.

    Raises ``ValueError`` with a sentence for everything but JSON in UTF-8, and for infinite
    numbers, halves of surrogate pairs and more than ``DEEPEST`` levels. More than
    ``MOST_VALUES`` are a ``TooManyValuesError``.
    """
    text = body.decode("utf-8")
    refuse_many(text)
    content = _decode(text)
    _refuse_deeper(text, content)
    if "\\u" in text:
        _refuse_surrogates(content)
    return content


def parse_spelled(text: str) -> Any:
    """Return the value of JSON text, with a ``Number`` for each number.

    Raises ``ValueError`` for text that is not JSON, and for more than ``DEEPEST`` levels or
    ``MOST_IN_FILE`` values. So does an object that has a key twice, since parsers differ in which
    value they keep.
    """
    content = parse_text(
        text, most=MOST_IN_FILE, parse_int=Number, parse_float=Number, object_pairs_hook=_object
    )
    _refuse_deeper(text, content)
    return content


def _object(members: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in members:
        if key in found:
            raise ValueError(f"the key {key[:80]!r} appears twice in one object")
        found[key] = value
    return found


def _decode(text: str) -> Any:
    try:
        return _DECODER.decode(text)
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


def _refuse_deeper(text: str, content: Any) -> None:
    """Raise ``ValueError`` for more than ``DEEPEST`` objects and arrays within each other."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    level: list[dict[str, Any] | list[Any]] = [[content]]
    for _ in range(DEEPEST + 1):
        inner = (child for each in level for child in _children(each))
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _children(content: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return content.values() if isinstance(content, dict) else content


def _refuse_surrogates(content: Any) -> None:
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError(
            r"an escape from \ud800 to \udfff is not one of a pair, so it is no character"
        ) from None


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)
