"""What a sender lacks is no outcome of a webhook: attempts wait until there is room for them."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from ..clock import pause, stopwatch
from ..errors import ExhaustedError
from ..system_limits import lack

_PAUSE = 0.1
"""Seconds until an attempt that had no room is tried again."""

_SAY_EVERY = 60.0
"""Seconds for which the reason is not said again."""

_log = logging.getLogger("flowsim.delivery")


@contextlib.contextmanager
def needed() -> Iterator[None]:
    """Raise ``ExhaustedError`` for what fails because this process lacks something."""
    try:
        yield
    except Exception as error:
        if (ours := lack(error)) is not None:
            raise ours from None
        raise


class Room:
    """Lets attempts wait, and says why: once for all of them."""

    def __init__(self) -> None:
        self._next_word = 0.0

    async def wait(self, error: ExhaustedError) -> None:
        """Return when it is time to try again."""
        if stopwatch() >= self._next_word:
            self._next_word = stopwatch() + _SAY_EVERY
            _log.warning("deliveries wait: %s", error)
        await pause(_PAUSE)


ROOM = Room()
"""That of this process, as its limits are."""
