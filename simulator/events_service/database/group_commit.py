"""Group commit: one thread writes what several threads want written, in one transaction.

A transaction for many costs little more than a transaction for one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")


class GroupCommit(Generic[Request, Result]):
    """Calls ``work`` with all requests that wait, in order; ``work`` returns a result for each.

    A thread that calls ``do`` while no other works does the work at once. Requests that come
    meanwhile wait, and the thread of the first of them does the work for all. So a thread works
    for one group at most, the one that its own request is in.
    """

    def __init__(self, work: Callable[[list[Request]], list[Result]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Request, Result]] = []
        self._is_busy = False

    @property
    def size(self) -> int:
        """The number of requests that wait."""
        return len(self._waiting)

    def do(self, request: Request) -> Result:
        """Return the result; raises what ``work`` raises, in every thread of the group."""
        waiting: _Waiting[Request, Result] = _Waiting(request)
        with self._lock:
            self._waiting.append(waiting)
            is_free, self._is_busy = not self._is_busy, True
        if not is_free:
            waiting.wait()
        if not waiting.is_over:
            self._work_for_all()
        return waiting.result()

    def _work_for_all(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting, []
        self._finish(group)
        with self._lock:
            self._is_busy = bool(self._waiting)
            following = self._waiting[:1]
        for each in (*following, *group):
            each.wake()

    def _finish(self, group: list[_Waiting[Request, Result]]) -> None:
        try:
            results = self._work([each.request for each in group])
        except BaseException as error:
            for each in group:
                each.problem = error
        else:
            for each, result in zip(group, results, strict=True):
                each.done = (result,)


class _Waiting(Generic[Request, Result]):
    """A request and its result. Its thread wakes when the result is ready, or to do the work."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.done: tuple[Result] | None = None
        self.problem: BaseException | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()
        self.wait, self.wake = self._asleep.acquire, self._asleep.release

    @property
    def is_over(self) -> bool:
        return self.done is not None or self.problem is not None

    def result(self) -> Result:
        if self.problem is not None:
            raise self.problem
        assert self.done is not None
        return self.done[0]
