"""Where the process begins: until the commands are loaded, Ctrl-C has nothing to end but it."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

STOPPED = 130
"""What shells exit with after Ctrl-C."""


def main() -> None:
    """Run the command line of this process."""
    try:
        before = signal.getsignal(signal.SIGINT)
        if before is signal.default_int_handler:  # where it is ignored, it stays so
            signal.signal(signal.SIGINT, _stop)
        from .commands import main as run

        signal.signal(signal.SIGINT, before)
        run()
    except KeyboardInterrupt:
        _stop()


def _stop(_: int = 0, __: FrameType | None = None) -> NoReturn:
    """End the process with one line, whatever it is doing: an import may not let errors pass."""
    if sys.stderr is not None:
        os.write(2, b"stopped\n")
    os._exit(STOPPED)
