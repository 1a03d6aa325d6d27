"""Faults of the headers of one attempt."""

from __future__ import annotations

from base64 import b64encode

from ..core.fault import Fault
from ..core.signature import header_names
from .fault_point import FaultPoint, choice, text

Headers = dict[str, str]

at_headers = FaultPoint[Headers]("headers")


@at_headers(proves="headers are found in upper and lower case")
def header_case(headers: Headers, _: Fault) -> Headers:
    """Header names are written with capitals, as in X-Adobe-Event-Id.

    Mistake 21 of io-events-protocol.md 10.
    """
    return {name.title(): value for name, value in headers.items()}


@at_headers(
    proves="the body is read as JSON, with any content type",
    argument=text("type", "application/cloudevents-batch+json"),
)
def content_type(headers: Headers, fault: Fault) -> Headers:
    """The header content-type names another type.

    The content type of batches was never captured (1.3). Mistake 31 of io-events-protocol.md 10.
    """
    return {
        name: fault.argument if name.lower() == "content-type" else value
        for name, value in headers.items()
    }


@at_headers(proves="the body is read as JSON, even without a content type")
def content_type_missing(headers: Headers, _: Fault) -> Headers:
    """There is no header content-type.

    Adobe sends a content type with every body. A proxy may remove it. Mistake 31 of
    io-events-protocol.md 10.
    """
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}


@at_headers(proves="only the digital signatures are verified, and the old header is ignored")
def old_signature_header(headers: Headers, fault: Fault) -> Headers:
    """There is also the header x-adobe-signature, used until 2022, which fits nothing.

    The current documentation still mentions it, but captured requests do not have it (1.8). Mistake
    10 of io-events-protocol.md 10.
    """
    return {**headers, "x-adobe-signature": b64encode(fault.draw(32)).decode("ascii")}


@at_headers(proves="an event without signatures is refused", expect="rejected")
def unsigned(headers: Headers, _: Fault) -> Headers:
    """There are no signatures and no key paths.

    Mistake 11 of io-events-protocol.md 10.
    """
    missing = {*header_names(1), *header_names(2)}
    return {name: value for name, value in headers.items() if name.lower() not in missing}


@at_headers(proves="the pair that is there is verified", argument=choice(1, 2))
def pair_missing(headers: Headers, fault: Fault) -> Headers:
    """One signature is missing, with the path of its key.

    The argument is its number. Mistake 11 of io-events-protocol.md 10.
    """
    missing = {*header_names(fault.argument)}
    return {name: value for name, value in headers.items() if name.lower() not in missing}


@at_headers(proves="whether an event is verified does not depend on its event code")
def code_of_challenge(headers: Headers, _: Fault) -> Headers:
    """The header x-adobe-event-code says challenge, as for the challenge and its validation.

    These two are not signed (3.3), and every event is. Mistake 11 of io-events-protocol.md 10.
    """
    return {
        name: "challenge" if name.lower() == "x-adobe-event-code" else value
        for name, value in headers.items()
    }
