"""Work that many threads ask for at the same time is done at once, and each gets his own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsim.events_service.database.group_commit import GroupCommit


def test_what_is_asked_while_somebody_works_is_done_at_once() -> None:
    busy, go_on, seen = threading.Event(), threading.Event(), list[list[int]]()

    def squares(numbers: list[int]) -> list[int]:
        seen.append(numbers)
        busy.set()
        assert go_on.wait(30)
        return [number**2 for number in numbers]

    together = GroupCommit(squares)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(together.do, 1)
        assert busy.wait(30)
        others = [threads.submit(together.do, number) for number in range(2, 10)]
        while together.size < len(others):
            pass
        go_on.set()
        assert first.result() == 1
        assert [each.result() for each in others] == [number**2 for number in range(2, 10)]
    assert [sorted(numbers) for numbers in seen] == [[1], [*range(2, 10)]]


def test_whoever_waited_for_work_that_failed_is_told_and_the_next_is_served() -> None:
    def inverses(numbers: list[int]) -> list[float]:
        return [1 / number for number in numbers]

    together = GroupCommit(inverses)
    with pytest.raises(ZeroDivisionError):
        together.do(0)
    assert together.do(4) == 0.25
