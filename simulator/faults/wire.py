"""Faults that change how one attempt is written to the socket."""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire
from .fault_point import FaultPoint, duration, number

at_wire = FaultPoint[Wire]("wire")


@at_wire(proves="a body is read to its end, with or without a stated length")
def chunked_body(wire: Wire, _: Fault) -> Wire:
    """The body is sent in chunks, without a stated length.

    HTTP/1.1 allows it. Adobe's requests state a length (1.2). Mistake 33 of io-events-protocol.md
    10.
    """
    return replace(wire, chunked=True)


@at_wire(
    proves="a slow sender does not delay other requests, and its event is accepted",
    argument=duration("2s"),
)
def slow_body(wire: Wire, fault: Fault) -> Wire:
    """The body arrives slowly, in many small parts.

    The argument is how long the whole body takes. The time is real, and counts towards the time
    limit of an attempt (4.1). Mistake 34 of io-events-protocol.md 10.
    """
    return replace(wire, seconds=wire.seconds + fault.argument)


@at_wire(
    proves="a request whose length is stated wrongly is refused",
    expect="rejected",
    argument=number("bytes", -1, -1_000, -1),
)
def wrong_content_length(wire: Wire, fault: Fault) -> Wire:
    """The header content-length does not state the real length of the body.

    The argument is added to the real length. Mistake 36 of io-events-protocol.md 10.
    """
    return replace(wire, length_error=fault.argument)


@at_wire(
    proves="an incomplete request has no effect, and the retry is accepted",
    argument=number("attempts", 1, 1, 1_000),
)
def truncated_body(wire: Wire, fault: Fault) -> Wire:
    """The connection breaks in the middle of the body. A retry follows.

    This happens to the first attempts only: to one, or to as many as the argument says. Mistake 48
    of io-events-protocol.md 10.
    """
    if wire.attempt > fault.argument:
        return wire
    return replace(wire, kept=(10 + fault.draw(1)[0] % 80) / 100)


@at_wire(
    proves="the retry does not cause the same work again", argument=number("attempts", 1, 1, 1_000)
)
def hang_up(wire: Wire, fault: Fault) -> Wire:
    """The sender closes the connection before it reads the answer. A retry follows.

    This happens to the first attempts only: to one, or to as many as the argument says. Mistake 48
    of io-events-protocol.md 10.
    """
    return replace(wire, hangs_up=True) if wire.attempt <= fault.argument else wire
