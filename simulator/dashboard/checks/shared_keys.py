"""The key host of the service, which also serves the keys of a run of checks while it goes on.

A webhook of the service fetches public keys from it, and opens validation URLs there. So it can be
checked as it is configured.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from flask import Response, request

from ...checks.options import SharedKeys
from ...core.challenge import PATH
from ...events_service.service import Service
from ...receiver import key_host

_KEYS = "/prod/keys/"


@dataclass(frozen=True, slots=True)
class _Lent:
    """What a run serves: the PEM at a path; ``visited`` gets each path that is requested."""

    pem: Callable[[str], bytes]
    visited: Callable[[str], None]


class ServiceKeyHost:
    """Answers for a run, as long as one borrows it; safe to use from any thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lent: _Lent | None = None

    def at(self, authority: str) -> SharedKeys:
        """Return what a run borrows: this key host, which webhooks know as ``authority``."""
        return partial(self._lend, authority)

    @contextlib.contextmanager
    def _lend(
        self, authority: str, pem: Callable[[str], bytes], visited: Callable[[str], None]
    ) -> Iterator[str]:
        self._lent = _Lent(pem, visited)
        try:
            yield authority
        finally:
            self._lent = None

    def answer(self) -> Response | None:
        """Return the answer to a request that is about the run, ``None`` for any other."""
        lent = self._lent
        if lent is None or request.method != "GET":
            return None
        if request.path.startswith(_KEYS):
            lent.visited(_requested())
            return key_host.answer(lent.pem, posixpath.normpath(request.path))
        if request.path == PATH and self._is_of_run():
            lent.visited(_requested())
            return key_host.verified()
        return None

    def _is_of_run(self) -> bool:
        """Return whether a validation URL is none of a registration of the service."""
        return self._service.registrations.even_deleted(request.args.get("id", "")) is None


def _requested() -> str:
    return request.full_path.removesuffix("?")
