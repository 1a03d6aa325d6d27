"""The request that a delivery makes: as it is sent, as a command that sends it, its body alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..format_table import ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...core.delivery import Attempt
    from ...core.payload import Payload


def _http(attempt: Attempt) -> bytes:
    from ...captures.http_file import sent_request

    return sent_request(attempt) + b"\n"


def _curl(attempt: Attempt) -> str:
    from ...core import headers
    from ...core.shell_words import curl_command

    delivery = attempt.delivery
    sent = headers.of_attempt(attempt), delivery.signed.payload.body
    return curl_command(delivery.url, *sent) + "\n"


def _body(payload: Payload) -> bytes:
    return payload.body + b"\n"


FORMATS = (
    ReportFormat(name="http", place=50, show=ShowFormat("the raw request", _http)),
    ReportFormat(name="curl", place=60, show=ShowFormat("a command that sends it", _curl)),
    ReportFormat(name="body", place=70, show=ShowFormat("the exact body, unsigned", payload=_body)),
)
