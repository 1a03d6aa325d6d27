"""What differs between two payloads or two runs.

JSON values are compared place by place, other texts line by line. JSON values that differ only
in the order of members or in the spelling of numbers are equal; ``spellings`` says how they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import Any

from ..core.json_reading import Number, parse_spelled
from .json_path import Path, Pattern, paths, spell
from .run_record import RunRecord

WINDOW = 2_000
"""Lines of each text that are compared at once; the time can grow with their cube."""

Operand = bytes | RunRecord
"""What can be compared: a payload or a run."""

Line = tuple[int, str]
"""A line of a text, with its number from 1."""


class Absent(Enum):
    """Stands for a value where there is none; ``null`` is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Row:
    """One difference; an operand without a value at ``place`` has ``ABSENT``."""

    place: str
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between JSON values; a value that is missing is ``ABSENT``."""

    path: Path
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences; ``notes`` say how was compared, and which differences do not count.

    ``unread`` has a sentence for each captured request that could not be read.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether there is no difference, and every request could be read."""
        return not self.rows and not self.unread


def compare(left: Operand, right: Operand, ignored: Sequence[Pattern] = ()) -> Comparison:
    """Return the differences, without those at places that a pattern of ``ignored`` fits.

    Payloads that are JSON are compared value by value, others line by line; runs are compared event
    by event. A payload can be compared with a run that has one body only. Raises ``ValueError`` for
    operands that cannot be compared.
    """
    runs = (operand for operand in (left, right) if isinstance(operand, RunRecord))
    unread = tuple(sentence for run in runs for sentence in run.unread)
    return replace(_compared(left, right, ignored), unread=unread)


def _compared(left: Operand, right: Operand, ignored: Sequence[Pattern]) -> Comparison:
    if isinstance(left, bytes) or isinstance(right, bytes):
        return _payloads(_body(left), _body(right), ignored)
    have_attempts = left.has_attempts and right.has_attempts
    if left.only_body is not None and right.only_body is not None and not have_attempts:
        return _payloads(left.only_body, right.only_body, ignored)
    return _runs(left, right, ignored)


def _body(operand: Operand) -> bytes:
    body = operand if isinstance(operand, bytes) else operand.only_body
    if body is None:
        raise ValueError("one is a payload, the other holds several or none")
    return body


def _payloads(left: bytes, right: bytes, ignored: Sequence[Pattern]) -> Comparison:
    try:
        one, other = (parse_spelled(body.decode("utf-8")) for body in (left, right))
    except ValueError:
        return _texts(left, right)
    found = _values(one, other, ignored)
    if found.rows or found.notes or left == right:
        return found
    return Comparison((), ("only white space or escapes differ",))


def _texts(left: bytes, right: bytes) -> Comparison:
    one, other = (body.decode("utf-8", "surrogateescape") for body in (left, right))
    rows = tuple(_line_row(*pair) for pair in line_differences(one, other))
    return Comparison(rows, ("not both are JSON: compared line by line",))


def _line_row(left: Line | None, right: Line | None) -> Row:
    numbers = sorted({line[0] for line in (left, right) if line is not None})
    texts = (ABSENT if line is None else line[1] for line in (left, right))
    return Row(f"line {' and '.join(map(str, numbers))}", *texts)


def _runs(left: RunRecord, right: RunRecord, ignored: Sequence[Pattern]) -> Comparison:
    attempts = left.has_attempts and right.has_attempts
    bodies = left.has_bodies and right.has_bodies
    if not (attempts or bodies):
        raise ValueError("one has attempts only, the other has request bodies only")
    by_id = bool(left.events.keys() & right.events.keys())
    summary = left.summary is not None and right.summary is not None
    one, other = (
        run.value(by_id=by_id, attempts=attempts, bodies=bodies, summary=summary)
        for run in (left, right)
    )
    found = _values(one, other, ignored)
    if by_id:
        return found
    paired = "no event is in both: they are compared in their order"
    return Comparison(found.rows, (paired, *found.notes))


def _values(left: Any, right: Any, ignored: Sequence[Pattern]) -> Comparison:
    found = list(differences(left, right))
    shown = [each for each in found if not any(pattern.fits(each.path) for pattern in ignored)]
    ways = [] if found else spellings(left, right)
    notes = [f"only {' and '.join(ways)} differ"] if ways else []
    if len(shown) < len(found):
        notes.append(f"ignored: {len(found) - len(shown)}")
    notes += [
        f"nothing to ignore at {pattern.text}"
        for pattern in ignored
        if not any(pattern.fits(path) for value in (left, right) for path in paths(value))
    ]
    rows = tuple(Row(spell(each.path), each.left, each.right) for each in shown)
    return Comparison(rows, tuple(notes))


def differences(left: Any, right: Any) -> Iterator[Difference]:
    """Yield the differences between two JSON values, each at the smallest place.

    Elements of arrays are compared with those at the same index.
    """
    for path, one, other in pairs(left, right):
        if not (_are(dict, one, other) or _are(list, one, other) or are_equal(one, other)):
            yield Difference(path, one, other)


def spellings(left: Any, right: Any) -> list[str]:
    """Return in what way equal values are written differently: order, or numbers."""
    found: dict[str, None] = {}
    for _, one, other in pairs(left, right):
        if _are(dict, one, other) and [*one] != [*other]:
            found["the order of members"] = None
        if isinstance(one, Number) and isinstance(other, Number) and one.text != other.text:
            found["the spelling of numbers"] = None
    return [*found]


def pairs(left: Any, right: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield path, left and right value for each place, in the order of the left."""
    waiting: list[tuple[Path, Any, Any]] = [((), left, right)]
    while waiting:
        path, one, other = waiting.pop()
        yield path, one, other
        if _are(dict, one, other):
            keys = dict.fromkeys((*one, *other))
            inner = [((*path, key), one.get(key, ABSENT), other.get(key, ABSENT)) for key in keys]
            waiting += reversed(inner)
        elif _are(list, one, other):
            both = enumerate(zip_longest(one, other, fillvalue=ABSENT))
            waiting += reversed([((*path, index), *pair) for index, pair in both])


def _are(kind: type, one: Any, other: Any) -> bool:
    return isinstance(one, kind) and isinstance(other, kind)


def are_equal(one: Any, other: Any) -> bool:
    """Tell whether values are equal, one of which is neither object nor array; true is not 1."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def line_differences(left: str, right: str) -> Iterator[tuple[Line | None, Line | None]]:
    """Yield lines that differ as pairs of left and right; ``None`` for a missing line.

    A line ends at a line feed, so a carriage return before it is part of the line.
    """
    one, other = left.split("\n"), right.split("\n")
    at, at_other = 0, 0
    while at < len(one) or at_other < len(other):
        window = one[at : at + WINDOW], other[at_other : at_other + WINDOW]
        is_last = max(len(one) - at, len(other) - at_other) <= WINDOW
        for kind, begin, end, from_, to in _parts(*window, is_last):
            if kind != "equal":
                lines = enumerate(window[0][begin:end], at + begin + 1)
                others = enumerate(window[1][from_:to], at_other + from_ + 1)
                yield from zip_longest(lines, others)
        at, at_other = at + end, at_other + to


def _parts(
    one: list[str], other: list[str], is_last: bool
) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the parts of a window: kind, begin and end on the left, begin and end on the right.

    If more lines follow, the last part is one with equal lines.
    """
    parts = SequenceMatcher(None, one, other).get_opcodes()
    equal = [number for number, part in enumerate(parts, 1) if part[0] == "equal"]
    if is_last or not equal:
        return parts
    _, _, end, _, to = parts[equal[-1] - 1]
    return parts[: equal[-1]] if max(end, to) > WINDOW // 2 else parts
