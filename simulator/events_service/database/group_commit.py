"""Work of many threads, done by one of them for all who wait.

A transaction for many costs little more than one for each of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Together(Generic[Asked, Done]):
    """Calls ``work`` with what was asked meanwhile, in order; it answers each of it.

    Whoever comes while nobody works does it at once. What is asked meanwhile is done next, by
    the first of those who asked: nobody works for longer than his own turn.
    """

    def __init__(self, work: Callable[[list[Asked]], list[Done]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Asked, Done]] = []
        self._is_busy = False

    @property
    def size(self) -> int:
        """How many wait until somebody begins."""
        return len(self._waiting)

    def do(self, asked: Asked) -> Done:
        """Return the answer; raises what ``work`` raises, for everybody who waited for it."""
        waiting: _Waiting[Asked, Done] = _Waiting(asked)
        with self._lock:
            self._waiting.append(waiting)
            is_first, self._is_busy = not self._is_busy, True
        if not is_first:
            waiting.wait()
        if not waiting.is_over:
            self._take_turn()
        return waiting.result()

    def _take_turn(self) -> None:
        with self._lock:
            turn, self._waiting = self._waiting, []
        self._do_all(turn)
        with self._lock:
            self._is_busy = bool(self._waiting)
            following = self._waiting[:1]
        for each in (*following, *turn):
            each.wake()

    def _do_all(self, turn: list[_Waiting[Asked, Done]]) -> None:
        try:
            done = self._work([each.asked for each in turn])
        except BaseException as error:
            for each in turn:
                each.problem = error
        else:
            for each, answer in zip(turn, done, strict=True):
                each.done = (answer,)


class _Waiting(Generic[Asked, Done]):
    """What somebody asked, and what came of it; he is woken when it is over, or his turn."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.done: tuple[Done] | None = None
        self.problem: BaseException | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()
        self.wait, self.wake = self._asleep.acquire, self._asleep.release

    @property
    def is_over(self) -> bool:
        return self.done is not None or self.problem is not None

    def result(self) -> Done:
        if self.problem is not None:
            raise self.problem
        assert self.done is not None
        return self.done[0]
