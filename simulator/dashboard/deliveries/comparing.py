"""Two deliveries side by side: their headers, and their payloads place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...captures import comparison
from ...captures.comparison import ABSENT, are_equal, pairs, spellings
from ...captures.json_path import Path, spell
from ...core.json_reading import parse_spelled, refuse_many
from ...core.json_writing import spelled
from ...core.masking import masked, masked_header
from ...core.printable import printable, printable_json
from ...core.signature import header_names
from .batch_event import alike

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"

MOST_ROWS = 500
"""The most rows of headers, and of payloads; rows that differ come before the others."""

_MOST_VALUES = 250_000
_LARGEST_TEXT = 256 * 1024
_LONGEST = 300
_LONGEST_PATH = 1_000

_EACH_REQUEST = {"x-adobe-delivery-id"}
_EACH_BODY = {header_names(number)[1] for number in (1, 2)}
"""Headers that are others in each request, and those that are others with each body."""


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """One place in both; ``left`` or ``right`` is None where there is none.

    ``state`` is ``same``, ``added`` (only on the right), ``removed`` (only on the left) or
    ``changed``. Values are printable JSON, or the text of a header or a line, and cut.
    """

    path: str
    left: str | None
    right: str | None
    state: str


@dataclass(frozen=True, slots=True)
class DeliveryComparison:
    """Rows of headers and of payloads; ``notes`` say how was compared and what is left out.

    ``differences`` counts the rows that are not ``same``, those left out included. ``usual`` names
    the headers that differ as they must: in each request, or with the body that is signed.
    """

    headers: tuple[ComparedPlace, ...]
    payload: tuple[ComparedPlace, ...]
    differences: int
    notes: tuple[str, ...]
    usual: tuple[str, ...] = ()


Headers = Iterable[tuple[str, str]]


def compare(
    left_headers: Headers, left: bytes, right_headers: Headers, right: bytes
) -> DeliveryComparison:
    """Return two deliveries compared, each given by its headers and its body. Never fails.

    Payloads that are JSON are compared by value, as ``flowsim diff`` does it; others line by
    line, and large ones as a whole. A single event is compared with one event of a batch.
    """
    headers = [*_of_headers(left_headers, right_headers)]
    usual = _EACH_REQUEST if left == right else _EACH_REQUEST | _EACH_BODY
    payload, notes = _payloads(left, right)
    shown_headers, more_headers = _kept(headers, "headers")
    shown_payload, more_payload = _kept(payload, "places")
    differences = sum(each.state != SAME for each in (*headers, *payload))
    return DeliveryComparison(
        tuple(each.shown for each in shown_headers),
        tuple(each.shown for each in shown_payload),
        differences,
        (*notes, *filter(None, (more_headers, more_payload))),
        tuple(str(each.path) for each in headers if each.state == CHANGED and each.path in usual),
    )


@dataclass(slots=True)
class _Place:
    """A place before it is shown: most of many are not, and to write a value takes long."""

    path: Path | str
    left: Any
    right: Any
    state: str
    write: Callable[[Any], str]

    @property
    def shown(self) -> ComparedPlace:
        path = self.path if isinstance(self.path, str) else spell(self.path)
        left, right = (
            None if each is ABSENT else self.write(each) for each in (self.left, self.right)
        )
        return ComparedPlace(printable(path[:_LONGEST_PATH]), left, right, self.state)


def _kept(rows: list[_Place], noun: str) -> tuple[list[_Place], str]:
    """Return at most ``MOST_ROWS`` rows in their order, and a note about the others."""
    more = len(rows) - MOST_ROWS
    if more <= 0:
        return rows, ""
    by_weight = sorted(range(len(rows)), key=lambda number: rows[number].state == SAME)
    kept = [rows[number] for number in sorted(by_weight[:MOST_ROWS])]
    return kept, f"{more:,} more {noun} are not shown; those that differ come first"


def _of_headers(left: Headers, right: Headers) -> Iterator[_Place]:
    one, other = _by_name(left), _by_name(right)
    for name in dict.fromkeys((*one, *other)):
        both = one.get(name, ABSENT), other.get(name, ABSENT)
        yield _Place(name, *both, _state(*both), partial(_header, name))


def _header(name: str, value: str) -> str:
    return _text(masked_header(name, value))


def _by_name(headers: Headers) -> dict[str, str]:
    """Return the values of headers by their names in lower case; several lines are joined."""
    found: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return found


def _state(left: Any, right: Any) -> str:
    if left is ABSENT or right is ABSENT:
        return ADDED if left is ABSENT else REMOVED
    return SAME if are_equal(left, right) else CHANGED


def _payloads(left: bytes, right: bytes) -> tuple[list[_Place], tuple[str, ...]]:
    try:
        one, other = (_read(body) for body in (left, right))
    except ValueError:
        return _texts(left, right)
    one, other, note = alike(one, other)
    notes = (note,) if note else ()
    rows = [
        _Place(path, mine, yours, _state(mine, yours), _value)
        for path, mine, yours in pairs(one, other)
        if not _holds_others(mine, yours)
    ]
    if left == right or any(each.state != SAME for each in rows):
        return rows, notes
    ways = spellings(one, other) or (() if note else ("white space or escapes",))
    return rows, (*notes, *([f"only {' and '.join(ways)} differ"] if ways else []))


def _read(body: bytes) -> Any:
    text = body.decode("utf-8")
    refuse_many(text, _MOST_VALUES)
    return parse_spelled(text)


def _holds_others(left: Any, right: Any) -> bool:
    """Tell whether what is in both values is compared, and not the values themselves."""
    are_alike = isinstance(left, dict | list) and type(left) is type(right)
    return are_alike and bool(left or right)


def _value(value: Any) -> str:
    """Return the beginning of a value as JSON."""
    return _cut(printable_json(masked(spelled(value)[: _LONGEST + 1])))


def _texts(left: bytes, right: bytes) -> tuple[list[_Place], tuple[str, ...]]:
    if left == right:
        return [], ("the bodies are the same, byte for byte; not both are JSON",)
    if len(left) + len(right) > _LARGEST_TEXT:
        why = "not both are JSON with a usual number of values: compared as a whole"
        return [_Place("body", len(left), len(right), CHANGED, _size)], (why,)
    found = comparison.compare(left, right)
    rows = [_Place(each.place, each.left, each.right, "", _text) for each in found.rows]
    return [replace(each, state=_state(each.left, each.right)) for each in rows], found.notes


def _size(number: int) -> str:
    return f"{number:,} bytes"


def _text(text: str) -> str:
    return _cut(printable(masked(text[: _LONGEST + 1])))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
