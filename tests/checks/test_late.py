"""Late duplicates: how long a memory has to be so that a run finds none missing."""

from __future__ import annotations

from typing import Any

import pytest

from ..consumers.correct import CorrectConsumer, Request
from ..consumers.mistakes import RemembersOther
from .consumers import candidate, named, result


def remembers(number: int) -> type[CorrectConsumer]:
    """Return a webhook that knows the latest events only."""

    class RemembersSome(RemembersOther):
        def mark(self, request: Request, element: dict[str, Any]) -> Any:
            self.known = self.known[-number:]
            return self.event_id(request, element)

    return RemembersSome


@pytest.mark.parametrize(
    ("number", "thorough", "state"),
    [(100, False, "failed"), (1_000, False, "passed"), (1_000, True, "failed")],
)
def test_a_memory_of_the_latest_events_is_found_behind_many_others(
    number: int, thorough: bool, state: str
) -> None:
    with candidate(remembers(number)) as webhook:
        findings = webhook.check("late-duplicate", thorough=thorough)
    assert "late-duplicate" in named(findings, state)


def test_a_passed_check_says_behind_how_many_events(correct: Any) -> None:
    verdict = result(correct.check("late-duplicate"), "late-duplicate").verdict
    assert verdict.note == "behind 120 other events"
