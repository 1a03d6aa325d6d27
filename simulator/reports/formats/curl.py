"""A shell command that sends the same request with curl."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..format_table import ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...core.delivery import Attempt


def _attempt(attempt: Attempt) -> str:
    from ...core import headers
    from ...core.http_request import curl_command

    delivery = attempt.delivery
    sent = headers.of_attempt(attempt), delivery.signed.payload.body
    return curl_command(delivery.url, *sent) + "\n"


FORMAT = ReportFormat(
    name="curl", place=60, show=ShowFormat("a command that sends it", attempt=_attempt)
)
