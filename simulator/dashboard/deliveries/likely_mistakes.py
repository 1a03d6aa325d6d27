"""Why a signature does not fit a body: what it fits instead, by trying the usual mistakes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from ...core import json_writing
from ...core.json_reading import parse_text
from ...core.signature import digest

_LARGEST_INDENTED = 256 * 1024

_PADDING, _HASH = PKCS1v15(), SHA256()


def fits(signature: bytes, key: RSAPublicKey, body: bytes) -> bool:
    """Tell whether a signature is that of a body by a key."""
    try:
        key.verify(signature, body, _PADDING, _HASH)
    except InvalidSignature:
        return False
    return True


def signed_digest(signature: bytes, key: RSAPublicKey) -> bytes | None:
    """Return the SHA-256 of what was signed; None if the signature is not by this key."""
    try:
        return key.recover_data_from_signature(signature, _PADDING, _HASH)
    except (InvalidSignature, ValueError):
        return None


@lru_cache(maxsize=1)
def other_form(body: bytes, signed: bytes) -> str:
    """Return the form of a body that has a digest, in words; empty if no usual form has it.

    The last result is kept: both signatures of a delivery ask the same.
    """
    return next((name for name, form in _forms(body) if digest(form) == signed), "")


def _forms(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "with a line end behind it", body + b"\n"
    yield "without white space at its ends", body.strip()
    yield "without the byte order mark before it", body.removeprefix(b"\xef\xbb\xbf")
    yield "with line ends LF in place of CRLF", body.replace(b"\r\n", b"\n")
    yield "as base64", base64.b64encode(body)
    try:
        content = parse_text(body.decode("utf-8-sig"))
    except ValueError:
        return
    for name, write in _WRITERS if len(body) <= _LARGEST_INDENTED else _QUICK_WRITERS:
        try:
            yield f"written again as JSON, {name}", write(content)
        except (TypeError, ValueError, RecursionError):  # JSON that cannot be written so
            continue


def _writer(**options: Any) -> Callable[[Any], bytes]:
    return lambda content: json.dumps(content, **options).encode()


_QUICK_WRITERS: tuple[tuple[str, Callable[[Any], bytes]], ...] = (
    ("without spaces", json_writing.compact),
    ("without spaces and with escapes", _writer(separators=(",", ":"))),
    ("with spaces behind commas and colons", _writer(ensure_ascii=False)),
    ("with spaces and escapes", _writer()),
    (
        "with sorted keys",
        _writer(ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    ),
)
"""Forms in which frameworks write JSON again: ``JSON.stringify``, ``json.dumps`` and others."""

_WRITERS = (
    *_QUICK_WRITERS,
    ("indented by 2", _writer(ensure_ascii=False, indent=2)),
    ("indented by 4", _writer(ensure_ascii=False, indent=4)),
)
"""The same, and forms that take long to write for a large body."""
