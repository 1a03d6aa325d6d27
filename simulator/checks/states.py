"""What the webhook keeps of runs, compared with what the events said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ..core.instant import epoch_of, epoch_of_number
from ..families.entities import RunState
from .state_answers import COUNTS, MEMBERS, STATUS, TIMES, Answer, Answers

_NEAR = 1.0
"""Times are compared to the second: less than this many seconds apart, they are the same."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A member whose value is not that of the events; both values as texts."""

    expected: str
    received: str


@dataclass(frozen=True)
class States:
    """What is known of runs: ``answers`` by run id.

    ``control`` is what the events said about an ordinary run. Its answer shows how the webhook
    writes counts and times; all others are held to that. ``before`` is what was known before a
    restart: what was kept then must still be there, in the same units.
    """

    answers: Answers = field(default_factory=dict)
    control: RunState | None = None
    before: States | None = None

    def differences(self, run: RunState) -> list[Deviation] | None:
        """Return what is wrong in the answer about a run; ``None`` if the run is not known."""
        answer = self.answers.get(run.id)
        if answer is None:
            return None
        stated = {name: getattr(run, name) for name in MEMBERS}
        wrong = {
            name: _spelled(name, stated[name])
            for name in MEMBERS
            if stated[name] is not None and not self._is_right(answer, name, run)
        }
        negative = [name for name in run.unknown if float(answer.get(name, 0)) < 0]
        wrong |= dict.fromkeys(negative, "null or left out")
        return [
            Deviation(f"{name} {expected}", f"{name} {_said(answer, name)}")
            for name, expected in wrong.items()
        ]

    def _is_right(self, answer: Mapping[str, Any], name: str, run: RunState) -> bool:
        """Compare one member; if it is left out, whether the webhook leaves it out everywhere."""
        if name not in answer:
            return name not in self._kept
        value, expected = answer[name], getattr(run, name)
        if name == STATUS:
            right = {str(each).lower() for each in (run.status, run.near_status)}
            return str(value).strip().lower() in right
        if name in COUNTS:
            is_allowed = not isinstance(value, str) or self._has_text_counts
            return is_allowed and float(value) == float(expected)
        return abs(self._seconds(value) - float(expected)) < _NEAR

    def _seconds(self, value: str | datetime | float) -> float:
        if isinstance(value, str | datetime):
            return epoch_of(value)
        unit = self._is_in_milliseconds
        return epoch_of_number(value) if unit is None else value / 1000 if unit else value

    @cached_property
    def _kept(self) -> frozenset[str]:
        """The members that the webhook keeps of some run."""
        now = frozenset(name for answer in self.answers.values() for name in answer or ())
        return now.union(self.before.compared) if self.before else now

    @property
    def compared(self) -> list[str]:
        """The members that the webhook keeps of some run; others are not judged."""
        return [name for name in MEMBERS if name in self._kept]

    @property
    def left_out(self) -> list[str]:
        """The members that the webhook keeps of no run."""
        return [name for name in MEMBERS if name not in self._kept]

    @property
    def _of_control(self) -> Answer:
        known = self.before or self
        return known.answers.get(self.control.id) if self.control else None

    @cached_property
    def _has_text_counts(self) -> bool:
        """Whether the counts of the ordinary run are text."""
        answer = self._of_control or {}
        return any(isinstance(answer.get(name), str) for name in COUNTS)

    @cached_property
    def _is_in_milliseconds(self) -> bool | None:
        """The unit of the numbers in the answer about the ordinary run; ``None`` if not known."""
        answer = self._of_control or {}
        for name in TIMES:
            value, expected = answer.get(name), getattr(self.control, name, None)
            if expected is None or not isinstance(value, int | float):
                continue
            for is_in_milliseconds in (False, True):
                seconds = value / 1000 if is_in_milliseconds else value
                if abs(seconds - expected) < _NEAR:
                    return is_in_milliseconds
        return None


def latest(states: Iterable[RunState]) -> dict[str, RunState]:
    """Return run id → what is true of the run in the end: what was written last counts."""
    found: dict[str, RunState] = {}
    for each in states:
        before = found.get(each.id)
        if before is None or (each.written or 0.0) >= (before.written or 0.0):
            found[each.id] = each
    return found


def _spelled(name: str, value: Any) -> str:
    """Return an expected value as a report shows it."""
    if name in TIMES:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return str(value)


def _said(answer: Mapping[str, Any], name: str) -> str:
    """Return the value of an answer as a report shows it; text is in quotes."""
    value = answer.get(name, "missing")
    return repr(value) if isinstance(value, str) and name in answer else str(value)
