"""Where a consumer finds public keys: this installation, a folder, or a key host."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from . import keys, settings
from .core.signature import FindKey
from .errors import SettingError

_PATIENCE = 5.0
_LARGEST = 16 * 1024


def find_key(source: str | None) -> FindKey:
    """Return how to find a key by its path: in a folder, at a URL, or among our own.

    Keys that were found are kept; a failure is asked for again. Raises ``SettingError`` if
    the folder does not exist.
    """
    if source is None:
        keys.load(settings.keys_folder())
        return _kept(own_key)
    if source.startswith(("http://", "https://")):
        return _kept(lambda path: _fetch(source, path))
    folder = Path(source)
    if not folder.is_dir():
        raise SettingError(f"--keys {source}: neither a URL nor a folder")
    return _kept(lambda path: _read(folder, path))


def own_key(path: str) -> RSAPublicKey:
    """Return a public key of this installation; raises ``LookupError``."""
    return keys.parse_public(keys.public_pem(settings.keys_folder(), path))


def _kept(find: FindKey) -> FindKey:
    """Return a cached search; errors are not cached, so a key host may come up later."""
    lock = threading.Lock()
    cached = cache(find)

    def find_once(path: str) -> RSAPublicKey:
        with lock:
            return cached(path)

    return find_once


def _read(folder: Path, path: str) -> RSAPublicKey:
    try:
        return keys.parse_public((folder / Path(path).name).read_bytes())
    except OSError:
        raise LookupError(path) from None


def _fetch(host: str, path: str) -> RSAPublicKey:
    """Fetch one key as a consumer should: no redirect, no proxy, a bounded answer."""
    from http.client import HTTPException

    import requests
    from urllib3.exceptions import HTTPError

    session = requests.Session()
    session.trust_env = False
    try:
        with session.get(
            host.rstrip("/") + path, timeout=_PATIENCE, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != 200:
                raise LookupError(path)
            return keys.parse_public(answer.raw.read(_LARGEST, decode_content=True))
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError):
        raise LookupError(path) from None
