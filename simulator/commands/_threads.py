"""Threads that die: their command must not go on as if nothing had happened."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import FlowsimError, SettingError, breakdown, exhaustion


@dataclass(slots=True)
class Threads:
    """The threads of a command; ``problem`` says why one of them died, if one did."""

    problem: FlowsimError | None = None


@contextlib.contextmanager
def watched() -> Iterator[Threads]:
    """Yield what is known of the threads until the end of the block.

    Python prints a traceback for a thread that dies. One that dies because flowsim lacks memory
    is no mistake in the program, and needs none.
    """
    threads, before = Threads(), threading.excepthook

    def note(died: threading.ExceptHookArgs) -> None:
        error = died.exc_value or died.exc_type()
        if exhaustion(error) is None:
            before(died)
        threads.problem = threads.problem or breakdown(error)

    threading.excepthook = note
    try:
        yield threads
    except SettingError as error:  # a server whose threads died does not answer
        raise threads.problem or error from None
    finally:
        threading.excepthook = before
