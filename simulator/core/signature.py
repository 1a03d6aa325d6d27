"""Digital signatures as Adobe I/O Events makes them (io-events-protocol.md 2).

RSA 2048, PKCS#1 v1.5, SHA-256, over the exact body bytes; standard base64. Two key pairs sign
every delivery, and a consumer accepts it if either signature verifies. The scheme draws no
random values, so every attempt at a delivery carries the same two signatures.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from ..errors import SignatureError

if TYPE_CHECKING:  # worker processes import this file, and nothing else of the core
    from .payload import Payload

KEY_PATH = re.compile(r"/prod/keys/(pub-key-[0-9A-Za-z]{10})\.pem")
"""The path of a public key; the only form that may be fetched (2.2)."""

_PADDING, _HASH = PKCS1v15(), SHA256()
_DIGEST = Prehashed(_HASH)


@dataclass(frozen=True, slots=True)
class SignedPayload:
    """A payload and its two signatures, in standard base64, with the paths of their keys.

    ``earlier`` are the signatures of the delivery before it in a story, for faults.
    """

    payload: Payload
    signatures: tuple[str, str]
    key_paths: tuple[str, str]
    earlier: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What the key host answers when it is asked for a public key.

    ``number`` says which of a delivery's two keys was asked for, ``times`` how often, this
    time included. ``pem`` is ``None`` for 404, ``is_down`` is true for 503. ``delay`` is in seconds
    of real time.
    """

    number: int
    times: int
    pem: bytes | None
    delay: float = 0.0
    is_down: bool = False


def key_path(name: str) -> str:
    """Return where the key host serves the public key of that name."""
    return f"/prod/keys/{name}.pem"


def digest(body: bytes) -> bytes:
    """Return what is signed of a body: 32 bytes, so that signing can be done elsewhere."""
    return sha256(body).digest()


def sign(body_digest: bytes, key: RSAPrivateKey) -> str:
    """Return the signature of the body with this digest as base64: 344 characters."""
    return base64.b64encode(key.sign(body_digest, _PADDING, _DIGEST)).decode("ascii")


def sign_both(body_digest: bytes, keys: Sequence[RSAPrivateKey]) -> tuple[str, str]:
    """Return the signatures that a delivery carries, by the first key and by the second."""
    first, second = keys
    return sign(body_digest, first), sign(body_digest, second)


class NoKeyError(LookupError):
    """No key was found at a path, for a reason in a few words."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path)
        self.reason = reason


class KeyHostDownError(NoKeyError):
    """The key host gives no answer for the moment: the same key may be there later."""

    def __init__(self, path: str, reason: str = "the key host answers 503") -> None:
        super().__init__(path, reason)


FindKey = Callable[[str], RSAPublicKey]
"""Return the public key served at a path; raises ``LookupError`` where there is none."""


def verify(body: bytes, headers: Mapping[str, str], find_key: FindKey) -> None:
    """Return if either signature fits the body; else raise ``SignatureError``.

    ``headers`` are looked up in lower case. A key is asked for only if its path has the form
    that Adobe uses, so a forged path cannot lead elsewhere. The error ``may_fit_later`` if a key
    could not be fetched for the moment.
    """
    problem: SignatureError | None = None
    for number in (1, 2):
        try:
            return _verify_one(body, headers, number, find_key)
        except SignatureError as error:
            if problem is None or (error.may_fit_later and not problem.may_fit_later):
                problem = error
    assert problem is not None
    raise problem


def _verify_one(body: bytes, headers: Mapping[str, str], number: int, find_key: FindKey) -> None:
    path_name, signature_name = header_names(number)
    text = headers.get(signature_name)
    if not text:
        raise SignatureError(signature_name, "missing")
    path = headers.get(path_name, "")
    if not KEY_PATH.fullmatch(path):
        raise SignatureError(path_name, f"{path[:80]!r} is not a key path")
    try:
        find_key(path).verify(base64.b64decode(text, validate=True), body, _PADDING, _HASH)
    except LookupError as error:
        reason = f" ({error.reason})" if isinstance(error, NoKeyError) else ""
        is_down = isinstance(error, KeyHostDownError)
        found = f"no public key at {path}{reason}"
        raise SignatureError(path_name, found, may_fit_later=is_down) from None
    except ValueError:
        raise SignatureError(signature_name, "not standard base64") from None
    except InvalidSignature:
        raise SignatureError(signature_name, "does not fit the body") from None


def header_names(number: int) -> tuple[str, str]:
    """Return the names of the path header and the signature header of key 1 or 2."""
    return f"x-adobe-public-key{number}-path", f"x-adobe-digital-signature-{number}"
