"""Signatures with the keys of this installation, and its public keys: found by path, or served."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from ..core import adobe_hosts, signature
from ..core.signature import KeyHostDownError
from ..delivery.key_answers import KeyAnswers
from ..installation import key_sources, keys, settings
from ..receiver import local_hosts
from .wording import for_programs

_LIMIT = 10.0
"""Seconds for the answer of a key host."""

_MOST_BYTES = 64 * 1024
"""At most this much of that answer is read, its head included."""


@for_programs
def sign(body: bytes) -> dict[str, str]:
    """Return the four headers that carry the two signatures of a body, as Adobe sends them.

    ``x-adobe-digital-signature-1`` and ``-2`` are RSA with SHA-256 over exactly these bytes, in
    base64. ``x-adobe-public-key1-path`` and ``-key2-path`` say where the key host serves the
    public keys (io-events-protocol.md 2.1). The keys are those of this installation, made at
    first use. Raises ``FlowsimError`` if they cannot be read or made.
    """
    pair = keys.load(settings.keys_folder())
    private = [keys.parse_private(each.private_pem) for each in pair]
    both = signature.sign_both(signature.digest(body), private)
    headers: dict[str, str] = {}
    for number, (path, text) in enumerate(zip(keys.paths(pair), both, strict=True), 1):
        path_name, signature_name = signature.header_names(number)
        headers |= {path_name: path, signature_name: text}
    return headers


@for_programs
def verify(body: bytes, headers: Mapping[str, str], source: str | None = None) -> None:
    """Return if one of the two signatures fits the body; raise ``SignatureError`` if none does.

    ``body`` are the bytes exactly as received; ``headers`` may be spelled in any case. Public
    keys come from this installation, or from ``source``: a folder of PEM files, or the URL of a
    key host, such as ``https://static.adobeioevents.com``. Keys of a ``source`` are kept while
    the process runs. A key path of another form than Adobe's is never fetched
    (io-events-protocol.md 2.2). ``error.header`` is the name of the header that is wrong. Raises
    ``FlowsimError`` for a ``source`` that cannot be used.
    """
    find_key = key_sources.find_key(None) if source is None else _finder(source)
    signature.verify(body, {name.lower(): each for name, each in headers.items()}, find_key)


_finder = lru_cache(maxsize=16)(key_sources.find_key)


class PublicKeys:
    """The keys that Adobe's key host would serve, changed by the faults of replays.

    They are looked up in the process, or served on a port; ``close`` ends that.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.answers = KeyAnswers(folder)
        self._servers = ExitStack()
        self._port = port
        self._is_served = False
        self._is_given_up = False

    def find(self, path: str) -> bytes:
        """Return the PEM at a key path, or at a URL with one; raises ``LookupError``.

        A URL may lead to Adobe's key host or to the one of the test.
        """
        if self._is_given_up:
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
        """The port of the key host on 127.0.0.1, which starts at the first use of this property."""
        if not self._is_served:
            self._serve()
        return self._port

    @contextlib.contextmanager
    def given_up_port(self) -> Iterator[int]:
        """Let another key host use the port during the block; ``find`` asks that one.

        After an error the keys are served on another port: that key host may still run.
        """
        port = self.port
        self._servers.close()
        self._is_given_up = True
        try:
            yield port
        except BaseException:
            self._port, self._is_served = 0, False
            raise
        finally:
            self._is_given_up = False
        self._serve()

    def close(self) -> None:
        """Stop serving."""
        self._servers.close()

    def _serve(self) -> None:
        serving = local_hosts.noted_host(self._port, self.find, lambda _: None)
        self._port, self._is_served = self._servers.enter_context(serving), True


def _split(text: str) -> tuple[str, str]:
    """Return the host that a URL names, if it is one, and its path."""
    if not text.startswith(("http://", "https://")):
        return "", text
    parts = urlsplit(text)
    return parts.netloc, parts.path


def _fetch(text: str, port: int) -> bytes:
    """Get a key from the key host on the port, or from the one of this machine that a URL names."""
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
        raise KeyHostDownError(text) if answer.status_code == 503 else LookupError(text)
    return answer.content
