"""The digital signatures of a delivery, and the public keys that judge them."""

from __future__ import annotations

import base64
import binascii
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

KEY_PATH = re.compile(r"/prod/keys/pub-key-[A-Za-z0-9-]+\.pem")
ONE_DAY = 24 * 60 * 60
SECONDS_FOR_A_KEY = float(os.environ.get("KEY_SECONDS") or 2)
TRIES_FOR_A_KEY = 2


class KeyUnavailableError(Exception):
    """The key host did not give a key."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect: keys come from the key host only."""


_opener = urllib.request.build_opener(_NoRedirect)


class Keys:
    """The public keys of one host, kept for a day by their paths."""

    def __init__(self, host: str) -> None:
        self.host = host.rstrip("/")
        self.kept: dict[str, tuple[float, bytes]] = {}

    def may_be_a_path(self, path: str) -> bool:
        """Say whether a header names a key of the key host."""
        return KEY_PATH.fullmatch(path) is not None

    def pem(self, path: str) -> bytes:
        """Return the key of a path; raise KeyUnavailableError if there is none."""
        kept = self.kept.get(path)
        if kept and time.time() - kept[0] < ONE_DAY:
            return kept[1]
        text = self.fetched(path)
        _rsa_key(text)
        self.kept[path] = time.time(), text
        return text

    def fetched(self, path: str) -> bytes:
        """Ask the key host, twice if need be."""
        reason = ""
        for _ in range(TRIES_FOR_A_KEY):
            try:
                with _opener.open(self.host + path, timeout=SECONDS_FOR_A_KEY) as answer:
                    return bytes(answer.read(100_000))
            except (OSError, urllib.error.URLError) as error:
                reason = str(error)
        raise KeyUnavailableError(f"{path}: {reason}")

    def fits(self, path: str, signature: str, body: bytes) -> bool:
        """Say whether a signature over the raw body fits the key of a path."""
        key = _rsa_key(self.pem(path))
        try:
            raw = base64.b64decode(signature, validate=True)
            key.verify(raw, body, padding.PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def _rsa_key(pem: bytes) -> rsa.RSAPublicKey:
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise KeyUnavailableError(f"not a key: {error}") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise KeyUnavailableError("not an RSA key")
    return key


def signatures(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each signature with the path of its key; the names of headers are lower case."""
    pairs = [
        (headers.get(f"x-adobe-digital-signature-{n}"), headers.get(f"x-adobe-public-key{n}-path"))
        for n in (1, 2)
    ]
    return [(signature, path) for signature, path in pairs if signature and path]
