"""How one attempt is written to the socket, where a fault writes it unlike anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .delivery import Attempt
from .fault import acts_at, disturb

_SLOW_PIECES = 8
_CHUNKS = 4


@dataclass(frozen=True, slots=True)
class Wire:
    """The writing of one attempt; as it stands here, nothing is wrong with it.

    ``attempt`` counts from 1. ``length_error`` is added to the stated content length.
    ``kept`` is the part of the body, from 0 to 1, after which the connection is closed;
    ``breaks_off`` closes it behind a body that was captured incomplete.
    ``seconds`` of real time are spread over the body. ``hangs_up`` closes the connection as
    soon as an answer arrives, which is not read.
    """

    attempt: int
    chunked: bool = False
    length_error: int = 0
    kept: float = 1.0
    seconds: float = 0.0
    hangs_up: bool = False
    breaks_off: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether what is written is an HTTP request with all of its body."""
        return not self.is_cut and not self.length_error

    @property
    def is_cut(self) -> bool:
        """Tell whether the connection is closed before the end that the head announces."""
        return self.kept < 1 or self.breaks_off


def of_attempt(attempt: Attempt) -> Wire | None:
    """Return how an attempt is written; none if nothing is wrong with that."""
    faults = attempt.delivery.signed.payload.events[0].faults
    plain = Wire(attempt.number)
    wire = disturb("wire", plain, faults) if acts_at("wire", faults) else plain
    return None if wire == plain else wire


def parts(wire: Wire, body: bytes) -> list[bytes]:
    """Return as much of a body as is written, in the parts in which it is."""
    kept = body[: int(len(body) * wire.kept)]
    number = _SLOW_PIECES if wire.seconds else _CHUNKS if wire.chunked else 1
    size = max(1, -(-len(kept) // number))
    return [kept[start : start + size] for start in range(0, len(kept), size)]


def pieces(wire: Wire, body: bytes) -> Iterator[bytes]:
    """Yield what follows the head, in the pieces in which it is written."""
    for part in parts(wire, body):
        yield b"%x\r\n%b\r\n" % (len(part), part) if wire.chunked else part
    if wire.chunked and not wire.is_cut:
        yield b"0\r\n\r\n"
