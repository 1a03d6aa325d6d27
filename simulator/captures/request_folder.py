"""A folder that keeps requests exactly, one file each."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ..errors import SettingError, folder_reason
from ..installation import own_files
from .capture import file_name, number_and_moment


class RequestFolder:
    """Writes each request whole, into a file that its owner alone may read.

    Payloads may hold what is nobody else's business, and a signed one can be sent again.
    Names sort by arrival, and go on where an earlier capture ended. Any thread may keep a
    request.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            known = (number_and_moment(path.stem) for path in folder.glob("*.http"))
            self._count = max((each[0] for each in known if each), default=0)

    def keep(self, request: bytes, at: datetime, event_id: str) -> None:
        """Write a request that came at a moment; raises ``SettingError`` if that fails."""
        with self._lock:
            self._count += 1
            name = file_name(self._count, at, event_id)
        with self._explained():
            own_files.write(self._folder / f"{name}.http", request, 0o600)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = folder_reason(error)
            raise SettingError(f"cannot save to {self._folder}: {reason}") from None
