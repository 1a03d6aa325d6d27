"""Our hosts while a webhook is checked: one serves its keys, one it must never go to."""

from __future__ import annotations

import contextlib
import posixpath
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from .. import faults, local_hosts
from ..core.visit import Host, Visit
from ..key_answers import KeyAnswers


@dataclass(slots=True)
class Visits:
    """All requests at our hosts, in order; any thread may note one."""

    _noted: list[Visit] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, host: Host, path: str) -> None:
        with self._lock:
            self._noted.append(Visit(host, path))

    def count(self) -> int:
        return len(self._noted)

    def since(self, number: int) -> tuple[Visit, ...]:
        """Return those that came after the first ``number``."""
        return tuple(self._noted[number:])


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where our hosts listen, as ``127.0.0.1:4020``, and who came to them."""

    keys: str
    foreign: str
    visits: Visits


@contextlib.contextmanager
def opened(port: int, answers: KeyAnswers) -> Iterator[Hosts]:
    """Serve both hosts; raises ``SettingError`` if the key host's port cannot be had."""
    visits = Visits()

    def pem(path: str) -> bytes:
        return answers.pem(posixpath.normpath(path))

    with (
        local_hosts.noted_host(port, pem, partial(visits.note, "keys")) as keys,
        local_hosts.noted_host(0, _foreign_pem, partial(visits.note, "foreign")) as foreign,
    ):
        yield Hosts(f"127.0.0.1:{keys}", f"127.0.0.1:{foreign}", visits)


def _foreign_pem(path: str) -> bytes:
    pem = faults.foreign_pem(path)
    if pem is None:
        raise LookupError(path)
    return pem
