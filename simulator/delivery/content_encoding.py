"""Bodies of answers as they were before they were encoded (RFC 9110, 8.4).

Deliveries announce ``deflate,compress,identity``, so answers may come deflated. gzip is read too:
servers send it to clients that did not ask for it. Nothing sends ``compress`` any more.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

_ZLIB, _RAW, _GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 16

_MAGIC = b"\x1f\x8b"
"""What each member of a gzip file begins with."""

_FORMATS = {b"deflate": (_ZLIB, _RAW), b"gzip": (_GZIP,), b"x-gzip": (_GZIP,)}
"""Encoding → the formats it may have; servers differ in what they take ``deflate`` for."""

_NAME = b"content-encoding"
_NAME_LENGTH = len(_NAME)
_MOST_ENCODINGS = 4
_SHOWN = 60


def encodings_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return what the headers of an answer say of its encodings; nothing if they do not."""
    values = [
        value
        for name, value in headers
        if len(name) == _NAME_LENGTH and name.lower() == _NAME  # most are not even as long
    ]
    return b",".join(values) if values else b""


def decoded(body: bytes, encodings: bytes, most: int, *, is_whole: bool) -> tuple[bytes, str]:
    """Return the first ``most`` bytes of a decoded body, or the body and why it stays encoded.

    ``encodings`` is the value of the header. ``is_whole`` tells that ``body`` is not only the
    beginning of what came. No more than ``most`` bytes are ever made of a body.
    """
    names = [each for part in encodings.lower().split(b",") if (each := part.strip())]
    names = [each for each in names if each != b"identity"]
    unknown = next((each for each in names if each not in _FORMATS), None)
    if unknown is not None or len(names) > _MOST_ENCODINGS:
        shown = _shown(unknown or b", ".join(names))
        return body, f"its answer is encoded as {shown}, which flowsim does not read"
    plain = body
    for name in reversed(names):
        opened = _opened(plain, _FORMATS[name], most, is_whole)
        if opened is None:
            return (
                body,
                f"its answer is said to be encoded as {_shown(name)}, but cannot be decoded",
            )
        is_whole = is_whole and len(opened) < most
        plain = opened
    return plain, ""


def _shown(name: bytes) -> str:
    return repr(name.decode("latin-1")[:_SHOWN])


def _opened(body: bytes, formats: Sequence[int], most: int, is_whole: bool) -> bytes | None:
    """Return the beginning of what was encoded, in the first format that fits, if one does."""
    for each in formats:
        try:
            return _inflated(body, each, most, is_whole)
        except zlib.error:
            continue
    return None


def _inflated(body: bytes, bits: int, most: int, is_whole: bool) -> bytes:
    """Return at most ``most`` bytes; a gzip file may have several members, or other bytes behind.

    Raises ``zlib.error`` for data in another format, and for a whole body that breaks off.
    """
    plain = b""
    while True:
        reader = zlib.decompressobj(bits)
        plain += reader.decompress(body, most - len(plain))
        body = reader.unused_data
        if len(plain) >= most:
            return plain
        if not reader.eof:
            if is_whole:
                raise zlib.error("incomplete")
            return plain
        if bits != _GZIP or not body.startswith(_MAGIC):
            return plain
