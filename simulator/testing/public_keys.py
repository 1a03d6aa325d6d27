"""The public keys of a test: looked up by path, or served by a key host."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from ..core import adobe_hosts
from ..delivery.key_answers import KeyAnswers
from ..installation import keys
from ..receiver import local_hosts

_LIMIT = 10.0
"""Seconds for the answer of a key host."""

_MOST_BYTES = 64 * 1024
"""How much of that answer is read, its head included."""


class PublicKeys:
    """Answers as Adobe's key host does, faults of a replay included; ``close`` at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = KeyAnswers(folder)
        self._servers = ExitStack()
        self._port = 0
        self._is_lent = False

    def find(self, path: str) -> bytes:
        """Return the PEM at a key path, or at a URL with one; raises ``LookupError``.

        A URL may lead to Adobe's key host or to the one of the test.
        """
        if self._is_lent:
            return _fetch(path, self._port)
        keys.load(self.folder)
        host, path = _split(path)
        if host not in ("", adobe_hosts.KEYS, f"127.0.0.1:{self._port}"):
            raise LookupError(path)
        return self.answers.pem(path)

    def current(self) -> dict[str, bytes]:
        """Return the two keys in use, each by its path."""
        pair = keys.load(self.folder)
        return {path: key.public_pem for path, key in zip(keys.paths(pair), pair, strict=True)}

    @property
    def port(self) -> int:
        """Where they are served on 127.0.0.1; from the first question on."""
        if not self._port:
            self._serve()
        return self._port

    @contextlib.contextmanager
    def lent(self) -> Iterator[int]:
        """Leave the port to another key host, which is asked for keys meanwhile.

        After an error it is not taken back: whoever had it may still be there.
        """
        port = self.port
        self._servers.close()
        self._is_lent = True
        try:
            yield port
        except BaseException:
            self._port = 0
            raise
        finally:
            self._is_lent = False
        self._serve()

    def close(self) -> None:
        """Serve no more."""
        self._servers.close()

    def _serve(self) -> None:
        serving = local_hosts.noted_host(self._port, self.find, lambda _: None)
        self._port = self._servers.enter_context(serving)


def _split(text: str) -> tuple[str, str]:
    """Return the host that a URL names, if it is one, and its path."""
    if not text.startswith(("http://", "https://")):
        return "", text
    parts = urlsplit(text)
    return parts.netloc, parts.path


def _fetch(text: str, port: int) -> bytes:
    """Ask the key host that has the port now, or whichever one of this machine a URL names."""
    host, path = _split(text)
    if host in ("", adobe_hosts.KEYS):
        host = f"127.0.0.1:{port}"
    elif not host.startswith("127.0.0.1:"):
        raise LookupError(text)
    from ..runtime.bounded_requests import session

    with session(_MOST_BYTES, _LIMIT) as calls:
        try:
            answer = calls.get(f"http://{host}{path}", timeout=_LIMIT, allow_redirects=False)
        except (OSError, ValueError):
            raise LookupError(text) from None
    if answer.status_code != 200:
        raise LookupError(text)
    return answer.content
