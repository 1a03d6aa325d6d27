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
class _RunKeys:
    """The keys of a run: the PEM at a path; ``visited`` gets each path that is requested."""

    pem: Callable[[str], bytes]
    visited: Callable[[str], None]


class ServiceKeyHost:
    """Answers requests for keys while a run uses it; safe to use from any thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._run_keys: _RunKeys | None = None

    def at(self, authority: str) -> SharedKeys:
        """Return this key host for one run; webhooks know it as ``authority``, host and port."""
        return partial(self._serve, authority)

    @contextlib.contextmanager
    def _serve(
        self, authority: str, pem: Callable[[str], bytes], visited: Callable[[str], None]
    ) -> Iterator[str]:
        self._run_keys = _RunKeys(pem, visited)
        try:
            yield authority
        finally:
            self._run_keys = None

    def answer(self) -> Response | None:
        """Return the answer to a request for a key or a validation URL of the run, else None."""
        keys = self._run_keys
        if keys is None or request.method != "GET":
            return None
        if request.path.startswith(_KEYS):
            keys.visited(_requested())
            return key_host.answer(keys.pem, posixpath.normpath(request.path))
        if request.path == PATH and self._is_of_run():
            keys.visited(_requested())
            return key_host.verified()
        return None

    def _is_of_run(self) -> bool:
        """Return whether a validation URL is none of a registration of the service."""
        return self._service.registrations.even_deleted(request.args.get("id", "")) is None


def _requested() -> str:
    return request.full_path.removesuffix("?")
