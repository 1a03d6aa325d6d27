"""The public keys of a test: looked up by path, or served by a key host."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from .. import keys, local_hosts
from ..key_answers import KeyAnswers


class PublicKeys:
    """Answers as Adobe's key host does, faults of a replay included; ``close`` at the end."""

    def __init__(self, folder: Path) -> None:
        self.answers = KeyAnswers(folder)
        self.folder = folder
        self._servers = ExitStack()
        self._host: str | None = None

    def find(self, path: str) -> bytes:
        """Return the PEM at a key path, or at a URL with one; raises ``LookupError``."""
        keys.load(self.folder)
        return self.answers.pem(urlsplit(path).path)

    def current(self) -> dict[str, bytes]:
        """Return the two keys in use, each by its path."""
        pair = keys.load(self.folder)
        return {path: key.public_pem for path, key in zip(keys.paths(pair), pair, strict=True)}

    @property
    def host(self) -> str:
        """Where they are served, as ``http://127.0.0.1:41234``; from the first question on."""
        if self._host is None:
            serving = local_hosts.noted_host(0, self.find, lambda _: None)
            self._host = f"http://127.0.0.1:{self._servers.enter_context(serving)}"
        return self._host

    def close(self) -> None:
        """Serve no more."""
        self._servers.close()
