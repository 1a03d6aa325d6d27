"""Where the process begins: Ctrl-C ends it with one line, even while it is still loading.

Few modules are imported here, since Ctrl-C has no handler until that is done. While
Python itself starts, no code of flowsim can handle it: that takes longer than these imports.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it."""

_was_pressed = False


def main() -> None:
    """Run the command line of this process."""
    try:
        is_handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_handled:  # where it is ignored, it stays so
            signal.signal(signal.SIGINT, _stop)
        _collect_nothing_at_the_end()
        from .commands import main as run

        if is_handled:
            signal.signal(signal.SIGINT, _interrupt)
        run()
    except SystemExit:
        raise
    except BaseException:
        if not _was_pressed:
            raise
        _stop()  # an import that is interrupted may raise any other error in its place


def _collect_nothing_at_the_end() -> None:
    """Leave the memory of the process to the system: a search for garbage takes 60 ms."""
    import atexit
    import gc

    atexit.register(gc.freeze)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise ``KeyboardInterrupt`` as Python does at Ctrl-C, and remember it."""
    global _was_pressed  # noqa: PLW0603 - a process is interrupted once
    _was_pressed = True
    signal.default_int_handler(number, frame)


def _stop(_: int = 0, __: FrameType | None = None) -> NoReturn:
    """End the process at once, with one line."""
    if sys.stderr is not None:
        os.write(2, b"stopped\n")
    os._exit(STOPPED)
