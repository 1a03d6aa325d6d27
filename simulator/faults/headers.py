"""Faults of the headers of one attempt."""

from __future__ import annotations

from base64 import b64encode

from ..core.fault import Fault
from ..core.signature import header_names
from .arguments import text
from .registry import FaultPoint

Headers = dict[str, str]

at_headers = FaultPoint[Headers]("headers")


@at_headers(proves="headers are found whatever the case of their names", expect="delivered")
def header_case(headers: Headers, _: Fault) -> Headers:
    """Header names are written in capitals, as X-Adobe-Event-Id.

    Mistake 21 of io-events-protocol.md 10.
    """
    return {name.title(): value for name, value in headers.items()}


@at_headers(
    proves="the body is read as JSON whatever its declared type",
    expect="delivered",
    argument=text("type", "application/cloudevents-batch+json"),
)
def content_type(headers: Headers, fault: Fault) -> Headers:
    """The body is declared as another type.

    What a batch is declared as was never captured (1.3). Mistake 31 of io-events-protocol.md 10.
    """
    return {
        name: fault.argument if name.lower() == "content-type" else value
        for name, value in headers.items()
    }


@at_headers(proves="the body is read as JSON without a declared type, too", expect="delivered")
def content_type_missing(headers: Headers, _: Fault) -> Headers:
    """The body is declared as nothing: there is no content type.

    Adobe declares every body; a proxy on the way may lose the header. Mistake 31 of
    io-events-protocol.md 10.
    """
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}


@at_headers(
    proves="the digital signatures decide, and the old header is ignored", expect="delivered"
)
def old_signature_header(headers: Headers, fault: Fault) -> Headers:
    """There is an x-adobe-signature too, as until 2022, which fits nothing.

    The current documentation still mentions it; captures do not have it (1.8). Mistake 10 of
    io-events-protocol.md 10.
    """
    return {**headers, "x-adobe-signature": b64encode(fault.draw(32)).decode("ascii")}


@at_headers(proves="what is not signed is refused", expect="rejected")
def unsigned(headers: Headers, _: Fault) -> Headers:
    """There are no signatures and no key paths.

    Mistake 11 of io-events-protocol.md 10.
    """
    missing = {*header_names(1), *header_names(2)}
    return {name: value for name, value in headers.items() if name.lower() not in missing}
