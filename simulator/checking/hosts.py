"""Our hosts while a webhook is checked: one serves its keys, one it must never go to."""

from __future__ import annotations

import contextlib
import posixpath
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from .. import faults, local_hosts, settings
from ..certificates import authority
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
    """Where our hosts listen, as ``127.0.0.1:4020``, and who came to them.

    ``tls_port`` is where the key host speaks HTTPS, if it does.
    """

    keys: str
    foreign: str
    visits: Visits
    tls_port: int | None


@contextlib.contextmanager
def opened(port: int, tls_port: int | None, answers: KeyAnswers) -> Iterator[Hosts]:
    """Serve both hosts; raises ``SettingError`` if a port of the key host cannot be had.

    With a ``tls_port`` the key host speaks HTTPS there too, as static.adobeioevents.com does;
    and the foreign host speaks nothing else, for whoever is led to it from there.
    """
    visits = Visits()
    tls = None
    if tls_port is not None:
        tls = authority.load(settings.authority_folder()).server_context()

    def pem(path: str) -> bytes:
        return answers.pem(posixpath.normpath(path))

    noted, at_keys = local_hosts.noted_host, partial(visits.note, "keys")
    with contextlib.ExitStack() as stack:
        keys = stack.enter_context(noted(port, pem, at_keys))
        if tls_port is not None:
            tls_port = stack.enter_context(noted(tls_port, pem, at_keys, tls))
        at_foreign = partial(visits.note, "foreign")
        foreign = stack.enter_context(noted(0, _foreign_pem, at_foreign, tls))
        yield Hosts(f"127.0.0.1:{keys}", f"127.0.0.1:{foreign}", visits, tls_port)


def _foreign_pem(path: str) -> bytes:
    pem = faults.foreign_pem(path)
    if pem is None:
        raise LookupError(path)
    return pem
