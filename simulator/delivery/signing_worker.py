"""A process that only signs: digests come in, signatures go out.

It reads its two keys from standard input, then digests of 32 bytes, and writes two signatures
in base64 for each to standard output. It ends when its input ends, and so with the
process that started it. It imports no more than signing needs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ..core.signature import sign_both
from ..installation.keys import parse_private

LENGTH = 4
"""Bytes that say how long the bytes behind them are."""

DIGEST, SIGNATURE = 32, 344
"""Bytes of a digest, and of a signature in base64."""


def framed(content: bytes) -> bytes:
    """Return bytes with their length before them."""
    return len(content).to_bytes(LENGTH, "big") + content


def main() -> None:
    """Sign until the input ends, or the output is read no more."""
    frames = _frames(sys.stdin.buffer)
    keys = [parse_private(pem) for pem in islice(frames, 2)]
    try:
        for frame in frames:
            sys.stdout.buffer.write(_signed(frame, keys))
            sys.stdout.buffer.flush()
    except BrokenPipeError:  # what is left would be written at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _frames(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the content of each frame; an incomplete last one is left out."""
    while len(head := stream.read(LENGTH)) == LENGTH:
        length = int.from_bytes(head, "big")
        content = stream.read(length)
        if len(content) < length:
            return
        yield content


def _signed(digests: bytes, keys: Sequence[RSAPrivateKey]) -> bytes:
    parts = (digests[begin : begin + DIGEST] for begin in range(0, len(digests), DIGEST))
    return "".join("".join(sign_both(part, keys)) for part in parts).encode("ascii")
