"""Work of many threads, done by whoever comes first for all who wait.

A transaction for many costs little more than one for each of them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Together(Generic[Asked, Done]):
    """Calls ``work`` with what was asked meanwhile, in order; it answers each of it."""

    def __init__(self, work: Callable[[list[Asked]], list[Done]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting[Asked, Done]] = deque()

    @property
    def size(self) -> int:
        """How many wait until somebody begins."""
        return len(self._waiting)

    def do(self, asked: Asked) -> Done:
        """Return the answer; raises what ``work`` raises, for everybody who waited for it."""
        waiting: _Waiting[Asked, Done] = _Waiting(asked)
        self._waiting.append(waiting)
        with self._lock:
            if not waiting.is_over:
                self._do_all()
        return waiting.result()

    def _do_all(self) -> None:
        all_of_them = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            done = self._work([each.asked for each in all_of_them])
        except BaseException as error:
            for each in all_of_them:
                each.problem = error
        else:
            for each, answer in zip(all_of_them, done, strict=True):
                each.done = (answer,)


class _Waiting(Generic[Asked, Done]):
    """What somebody asked, and what came of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.done: tuple[Done] | None = None
        self.problem: BaseException | None = None

    @property
    def is_over(self) -> bool:
        return self.done is not None or self.problem is not None

    def result(self) -> Done:
        if self.problem is not None:
            raise self.problem
        assert self.done is not None
        return self.done[0]
