"""Faults of what the key host answers."""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import KeyAnswer
from .arguments import choice, duration
from .registry import FaultPoint

at_key = FaultPoint[KeyAnswer]("key")


@at_key(proves="keys are looked up by their path, and asked for if it is new", expect="delivered")
def keys_renamed(answer: KeyAnswer, _: Fault) -> KeyAnswer:
    """The keys have names that nobody has seen before, as after a rotation.

    This alone is common to all faults of the key host: a key that was kept does not help. Mistake
    17 of io-events-protocol.md 10.
    """
    return answer


@at_key(
    proves="a key that could not be had is asked for again, and what came instead is not kept",
    expect="delivered",
    argument=choice("both", 1, 2),
)
def key_404_once(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers 404 when a key is asked for the first time.

    Mistake 15 of io-events-protocol.md 10.
    """
    is_hit = fault.argument in ("both", answer.number)
    return replace(answer, pem=None) if is_hit and answer.times == 1 else answer


@at_key(proves="the other key is enough", expect="delivered", argument=choice(1, 2))
def key_missing(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host has no such key.

    Mistake 14 of io-events-protocol.md 10.
    """
    return replace(answer, pem=None) if answer.number == fault.argument else answer


_PAGE = b"<!DOCTYPE html><html><body>Sign in to continue</body></html>\n"


@at_key(
    proves="what is no key is not kept as one, and the other key is enough",
    expect="delivered",
    argument=choice(1, 2),
)
def key_garbage(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers with a page that is no key.

    Mistake 14 of io-events-protocol.md 10.
    """
    return replace(answer, pem=_PAGE) if answer.number == fault.argument else answer


@at_key(
    proves="a PEM is read with any line ends", expect="delivered", argument=choice("both", 1, 2)
)
def key_crlf(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host ends lines with CR LF.

    Mistake 25 of io-events-protocol.md 10.
    """
    if answer.pem is None or fault.argument not in ("both", answer.number):
        return answer
    return replace(answer, pem=answer.pem.replace(b"\n", b"\r\n"))


@at_key(
    proves="keys are kept, so a slow key host costs one delivery its time and not all of them",
    expect="delivered",
    argument=duration("2s"),
)
def slow_key_host(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host takes its time.

    The time is real: the 10 s of an attempt run on. Mistake 16 of io-events-protocol.md 10.
    """
    return replace(answer, delay=answer.delay + fault.argument)
