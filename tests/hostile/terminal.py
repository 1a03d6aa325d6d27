"""A command whose output is a terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from dataclasses import dataclass

from ..commands.forked import flowsim_command


@dataclass
class OnTerminal:
    """``flowsim`` with these words; all that it printed until now is in ``text``.

    After the block it has ended; it is given a minute.
    """

    words: tuple[object, ...]
    text: str = ""

    def __enter__(self) -> OnTerminal:
        self._ours, its = os.openpty()
        flowsim, inherited = flowsim_command()
        self._process = subprocess.Popen(
            [flowsim, *map(str, self.words)],
            stdout=its,
            stderr=its,
            stdin=its,
            pass_fds=[inherited],
        )
        os.close(its)
        self._watchdog = threading.Timer(60, self._process.kill)
        self._watchdog.start()
        return self

    def __exit__(self, *_: object) -> None:
        while self._read():
            pass
        self._process.wait()
        self._watchdog.cancel()
        os.close(self._ours)
        self.text = self.text.replace("\r\n", "\n")

    def wait_for(self, said: str) -> None:
        """Wait until something was printed."""
        while said not in self.text:
            assert self._read(), self.text

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def _read(self) -> bool:
        """Read more; return whether there was any."""
        try:
            part = os.read(self._ours, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.text += part.decode("utf-8", "surrogateescape")
        return bool(part)
