"""Faults that change the answers of the key host."""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import KeyAnswer
from .fault_point import FaultPoint, choice, duration, number

at_key = FaultPoint[KeyAnswer]("key")


@at_key(proves="keys are looked up by their path, and fetched if the path is new")
def keys_renamed(answer: KeyAnswer, _: Fault) -> KeyAnswer:
    """The keys have new names, as after a rotation.

    All faults of the key host give new names to the keys, so a key that was kept does not help.
    This fault does nothing else. Mistake 17 of io-events-protocol.md 10.
    """
    return answer


@at_key(
    proves="a key that could not be fetched is requested again, and the error is not kept",
    argument=choice("both", 1, 2),
)
def key_404_once(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers the first request for a key with 404.

    Mistake 15 of io-events-protocol.md 10.
    """
    is_hit = fault.argument in ("both", answer.number)
    return replace(answer, pem=None) if is_hit and answer.times == 1 else answer


@at_key(
    proves="an event is put off while the key host is down, and not lost",
    argument=number("requests", 1, 1, 1_000),
)
def key_host_down(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers the first requests for each key with 503.

    Mistakes 3 and 35 of io-events-protocol.md 10.
    """
    return replace(answer, is_down=answer.times <= fault.argument)


@at_key(proves="the other key is enough", argument=choice(1, 2))
def key_missing(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host does not have the key.

    Mistake 14 of io-events-protocol.md 10.
    """
    return replace(answer, pem=None) if answer.number == fault.argument else answer


_PAGE = b"<!DOCTYPE html><html><body>Sign in to continue</body></html>\n"


@at_key(
    proves="the page is not stored as a key, and the other key is enough", argument=choice(1, 2)
)
def key_garbage(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers with an HTML page instead of a key.

    Mistake 14 of io-events-protocol.md 10.
    """
    return replace(answer, pem=_PAGE) if answer.number == fault.argument else answer


@at_key(proves="a PEM is read with any line ends", argument=choice("both", 1, 2))
def key_crlf(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host ends lines with CR LF.

    Mistake 25 of io-events-protocol.md 10.
    """
    if answer.pem is None or fault.argument not in ("both", answer.number):
        return answer
    return replace(answer, pem=answer.pem.replace(b"\n", b"\r\n"))


@at_key(
    proves="keys are stored, so that a slow key host delays only one delivery",
    argument=duration("2s"),
)
def slow_key_host(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    """The key host answers slowly.

    The time is real, and counts towards the 10 s of an attempt. Mistake 16 of io-events-protocol.md
    10.
    """
    return replace(answer, delay=answer.delay + fault.argument)
