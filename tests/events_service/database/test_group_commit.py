"""Requests of many threads are done as one group, and each gets its own result."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsim.events_service.database.group_commit import GroupCommit


def test_requests_that_wait_are_done_as_one_group() -> None:
    busy, go_on, seen = threading.Event(), threading.Event(), list[list[int]]()

    def squares(numbers: list[int]) -> list[int]:
        seen.append(numbers)
        busy.set()
        assert go_on.wait(30)
        return [number**2 for number in numbers]

    group_commit = GroupCommit(squares)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(group_commit.do, 1)
        assert busy.wait(30)
        others = [threads.submit(group_commit.do, number) for number in range(2, 10)]
        while group_commit.size < len(others):
            pass
        go_on.set()
        assert first.result() == 1
        assert [each.result() for each in others] == [number**2 for number in range(2, 10)]
    assert [sorted(numbers) for numbers in seen] == [[1], [*range(2, 10)]]


def test_a_failure_is_raised_and_the_next_request_is_served() -> None:
    def inverses(numbers: list[int]) -> list[float]:
        return [1 / number for number in numbers]

    group_commit = GroupCommit(inverses)
    with pytest.raises(ZeroDivisionError):
        group_commit.do(0)
    assert group_commit.do(4) == 0.25
