"""What a service prints and keeps while it runs; it serves on if it can do neither any more."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from ..errors import SettingError
from ..printable import printable
from ._output import say
from ._streams import NAME, give_up_output, why_not

if TYPE_CHECKING:
    from datetime import datetime

    from ..request_folder import RequestFolder


LOOK_EVERY = 0.5
"""Seconds between looks at whether all of a service still works."""


class Log:
    """Lines on standard output, as long as that takes them; any thread may write one.

    Lines that are exact, such as JSON, are not folded on a terminal.
    """

    def __init__(self, *, is_exact: bool = False) -> None:
        self._is_exact = is_exact
        self._color = click.get_current_context().color
        self._lock = threading.Lock()
        self._ended = False

    def write(self, line: str) -> None:
        """Print a line; the first one that cannot be printed is the last, and that is said."""
        with self._lock:
            if self._ended:
                return
            try:
                say(line, color=self._color, is_exact=self._is_exact)
            except OSError as error:
                self._ended = True
                give_up_output()
                _warn(f"{NAME} takes no more lines ({why_not(error)})")


class Keeper:
    """Keeps requests in a folder, or in none; any thread may keep one.

    What cannot be kept is counted, and each cause is said when it is met first.
    """

    def __init__(self, folder: RequestFolder | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._causes: set[str] = set()
        self._lost = 0

    @property
    def is_used(self) -> bool:
        """Whether requests are to be kept at all."""
        return self._folder is not None

    def keep(self, request: bytes, at: datetime, event_id: str) -> None:
        """Keep a request that came or went at a moment."""
        if self._folder is None:
            return
        try:
            self._folder.keep(request, at, event_id)
        except SettingError as error:
            self._count(str(error))

    def _count(self, cause: str) -> None:
        with self._lock:
            self._lost += 1
            is_new = cause not in self._causes
            self._causes.add(cause)
        if is_new:
            _warn(cause)

    def tell_lost(self) -> None:
        """Say how many requests were not kept, if there are any."""
        if self._lost:
            from ..reports.terminal import count

            say(f"warning: {count(self._lost, 'request')} could not be saved", err=True)


def _warn(problem: str) -> None:
    say(f"warning: {printable(problem)}; flowsim goes on", err=True)
