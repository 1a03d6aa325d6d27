"""Where a consumer finds public keys: this installation, a folder, or a key host.

A key host is no webhook, so it is not asked through the client that delivers events.
"""

from __future__ import annotations

import contextlib
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ..core.signature import FindKey, KeyHostDownError, NoKeyError
from ..errors import SettingError
from ..files import texts
from ..runtime.breakdowns import exhaustion
from . import keys, settings

_SECONDS = 5.0
"""How long to wait for a key host: for the connection, and for its whole answer."""

_LARGEST = 16 * 1024
"""How long a key may be, in bytes."""

_READ = 4 * _LARGEST
"""How much of an answer of the key host is read, in bytes, its head included."""


def find_key(source: str | None, seconds: float = _SECONDS) -> FindKey:
    """Return a function that finds a key by its path: in a folder, at a URL, or among our own.

    Keys that were found are kept; others are looked up again. A key host has ``seconds`` seconds
    for an answer. Raises ``SettingError`` if the folder does not exist, or holds keys in UTF-16,
    and for a URL without a host.
    """
    if source is None:
        keys.load(settings.keys_folder())
        return cache(own_key)
    if source.startswith(("http://", "https://")):
        _expect_host(source)
        return cache(partial(_fetch, source, seconds))
    folder = Path(source)
    if not source or not folder.is_dir():
        raise SettingError(f"--keys {source or 'is empty'}: neither a URL nor a folder")
    for file in folder.glob("*.pem"):
        _expect_text(file)
    return in_folder(folder)


def _expect_host(url: str) -> None:
    """Raise ``SettingError`` for a URL without a host."""
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_place = False
    if not has_place:
        raise SettingError(f"--keys {url}: no address; expected one such as http://localhost:4020")


def in_folder(folder: Path) -> FindKey:
    """Return a function that finds a key by its path among the files of a folder."""
    return cache(partial(_read, folder))


def _expect_text(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("rb") as opened:
        try:
            texts.without_mark(opened.read(4))
        except texts.NoTextError as error:
            raise SettingError(f"--keys {file}: {error}") from None


def own_key(path: str) -> RSAPublicKey:
    """Return a public key of this installation; raises ``LookupError``."""
    return keys.parse_public(keys.public_pem(settings.keys_folder(), path))


def _read(folder: Path, path: str) -> RSAPublicKey:
    try:
        return keys.parse_public((folder / Path(path).name).read_bytes())
    except OSError as error:
        raise exhaustion(error) or LookupError(path) from None


def _fetch(host: str, seconds: float, path: str) -> RSAPublicKey:
    """Fetch one key as a consumer should: no redirect, no proxy, a bounded answer.

    A key host that answers 404 or 5xx is asked once more (2.2).
    """
    from ..runtime.bounded_requests import FAILURES, session, why

    with session(_READ, seconds, again_after=(404, *range(500, 600))) as calls:
        try:
            with calls.get(
                host.rstrip("/") + path, timeout=seconds, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code != 200:
                    kind = KeyHostDownError if answer.status_code >= 500 else NoKeyError
                    raise kind(path, f"the key host answers {answer.status_code}")
                key = answer.raw.read(_LARGEST, decode_content=True)
        except FAILURES as error:
            reason = f"the key host {host} is not reached: {why(error)}"
            raise exhaustion(error) or KeyHostDownError(path, reason) from None
        try:
            return keys.parse_public(key)
        except LookupError as error:
            raise NoKeyError(path, f"the key host answers 200, but {error}") from None
