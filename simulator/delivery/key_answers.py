"""What our key host answers at each path, and what faults make of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ..core.fault import Fault, disturb
from ..core.signature import KeyAnswer, KeyHostDownError, SignedPayload, key_path
from ..faults.signature import misled_pem
from ..installation import keys
from ..installation.keys import KeyPair
from ..runtime.clock import sleep


@dataclass(slots=True)
class _Renamed:
    """A key at another path, whose answers ``faults`` change; ``times`` counts requests.

    Once it ``is_back``, no fault says that the host is down.
    """

    path: str
    number: int
    faults: tuple[Fault, ...]
    times: int = 0
    is_back: bool = False


class KeyAnswers:
    """The public keys of an installation, as the key host of a replay serves them.

    A payload with a fault of the key host names key paths of its own. So a key that a consumer
    has cached does not hide the fault, and the fault does not act on other payloads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[tuple[tuple[Fault, ...], tuple[str, str]], tuple[str, str]] = {}
        self._renamed: dict[str, _Renamed] = {}
        self._added: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self.find_key = cache(self._find_key)

    def rename(self, signed: SignedPayload) -> SignedPayload:
        """Return a payload with the key paths at which its faults act.

        Payloads with the same faults of the key host get the same paths.
        """
        event = signed.payload.events[0]
        acting = tuple(fault for fault in event.faults if fault.point == "key")
        with self._lock:
            paths = self._paths.setdefault((acting, signed.key_paths), _new_paths(event.id, signed))
            for number, (new, old) in enumerate(zip(paths, signed.key_paths, strict=True), 1):
                self._renamed.setdefault(new, _Renamed(old, number, acting))
        return replace(signed, key_paths=paths)

    def use_new_paths(self) -> None:
        """Give payloads from now on other key paths than those before, also for the same faults."""
        with self._lock:
            self._paths.clear()

    def end_outages(self) -> None:
        """Answer requests for all keys so far, although a fault says that the host is down."""
        with self._lock:
            for each in self._renamed.values():
                each.is_back = True

    def add_pair(self, pair: KeyPair) -> None:
        """Serve the public keys of another pair too, at paths of their own."""
        for key in pair:
            self._added[key_path(key.name)] = key.public_pem

    def pem(self, path: str) -> bytes:
        """Return the PEM that is served at a path; a fault may delay it.

        Raises ``LookupError`` where there is nothing, ``KeyHostDownError`` where a fault says so.
        """
        renamed = self._renamed.get(path)
        if path in self._added:
            return self._added[path]
        if renamed is None:
            return misled_pem(path) or keys.public_pem(self._folder, path)
        with self._lock:
            renamed.times += 1
            answer = KeyAnswer(
                renamed.number, renamed.times, keys.public_pem(self._folder, renamed.path)
            )
        answer = disturb("key", answer, renamed.faults)
        sleep(answer.delay)
        if answer.is_down and not renamed.is_back:
            raise KeyHostDownError(path)
        if answer.pem is None:
            raise LookupError(path)
        return answer.pem

    def _find_key(self, path: str) -> RSAPublicKey:
        """Return a key as a correct consumer fetches it: with one retry."""
        try:
            return keys.parse_public(self.pem(path))
        except LookupError:
            return keys.parse_public(self.pem(path))


def _new_paths(event_id: str, signed: SignedPayload) -> tuple[str, str]:
    """Return key paths that follow from an event id and the keys: both may be new."""
    names = (sha256(f"{event_id}{path}".encode()).hexdigest()[:10] for path in signed.key_paths)
    first, second = (key_path(f"pub-key-{name}") for name in names)
    return first, second
