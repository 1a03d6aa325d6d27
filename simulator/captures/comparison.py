"""Two payloads or two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.json_reading import parse_spelled
from .difference import ABSENT, differences, niceties
from .json_path import Pattern, paths, spell
from .line_difference import LineDifference, line_differences
from .run_record import RunRecord, Shared

Side = bytes | RunRecord


@dataclass(frozen=True, slots=True)
class Row:
    """One place at which two sides differ; a side that has nothing there is ``ABSENT``."""

    place: str
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs; ``notes`` say how it was compared, and what counts for nothing.

    ``unread`` has a sentence for each captured request that is left out.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing differs, and nothing was left out."""
        return not self.rows and not self.unread


def compare(left: Side, right: Side, ignored: Sequence[Pattern] = ()) -> Comparison:
    """Return what differs; places that a pattern fits are left out.

    Payloads that are JSON are compared as such, others line by line; runs are compared event
    by event. A payload is compared with a run that has one body only. Raises ``ValueError``
    for sides that have nothing in common.
    """
    runs = (side for side in (left, right) if isinstance(side, RunRecord))
    unread = tuple(sentence for run in runs for sentence in run.unread)
    return replace(_compared(left, right, ignored), unread=unread)


def _compared(left: Side, right: Side, ignored: Sequence[Pattern]) -> Comparison:
    if isinstance(left, bytes) or isinstance(right, bytes):
        return _payloads(_body(left), _body(right), ignored)
    bodies = left.only_body, right.only_body
    if bodies[0] is not None and bodies[1] is not None and not _have_attempts(left, right):
        return _payloads(bodies[0], bodies[1], ignored)
    return _runs(left, right, ignored)


def _have_attempts(left: RunRecord, right: RunRecord) -> bool:
    return left.has_attempts and right.has_attempts


def _body(side: Side) -> bytes:
    body = side if isinstance(side, bytes) else side.only_body
    if body is None:
        raise ValueError("one is a payload, the other holds several or none")
    return body


def _payloads(left: bytes, right: bytes, ignored: Sequence[Pattern]) -> Comparison:
    try:
        one, other = (parse_spelled(side.decode("utf-8")) for side in (left, right))
    except ValueError:
        return _texts(left, right)
    found = _values(one, other, ignored)
    if found.rows or found.notes or left == right:
        return found
    return Comparison((), ("only white space or escapes differ",))


def _texts(left: bytes, right: bytes) -> Comparison:
    one, other = (side.decode("utf-8", "surrogateescape") for side in (left, right))
    rows = tuple(map(_line_row, line_differences(one, other)))
    return Comparison(rows, ("not both are JSON: compared line by line",))


def _line_row(found: LineDifference) -> Row:
    left, right = found.left, found.right
    numbers = sorted({side[0] for side in (left, right) if side is not None})
    return Row(
        f"line {' and '.join(map(str, numbers))}",
        ABSENT if left is None else left[1],
        ABSENT if right is None else right[1],
    )


def _runs(left: RunRecord, right: RunRecord, ignored: Sequence[Pattern]) -> Comparison:
    shared = Shared.of(left, right)
    if not (shared.attempts or shared.bodies):
        raise ValueError("one has attempts only, the other has request bodies only")
    found = _values(left.value(shared), right.value(shared), ignored)
    if shared.ids:
        return found
    paired = "no event is in both: they are compared in their order"
    return Comparison(found.rows, (paired, *found.notes))


def _values(left: Any, right: Any, ignored: Sequence[Pattern]) -> Comparison:
    found = list(differences(left, right))
    shown = [each for each in found if not any(pattern.fits(each.path) for pattern in ignored)]
    ways = [] if found else niceties(left, right)
    notes = [f"only {' and '.join(ways)} differ"] if ways else []
    if len(shown) < len(found):
        notes.append(f"ignored: {len(found) - len(shown)}")
    notes += [
        f"nothing to ignore at {pattern.text}"
        for pattern in ignored
        if not any(pattern.fits(path) for side in (left, right) for path in paths(side))
    ]
    rows = tuple(Row(spell(each.path), each.left, each.right) for each in shown)
    return Comparison(rows, tuple(notes))
