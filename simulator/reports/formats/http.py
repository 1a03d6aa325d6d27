"""The raw HTTP request, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..format_table import ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...core.delivery import Attempt


def _attempt(attempt: Attempt) -> bytes:
    from ...core.captures import sent_request

    return sent_request.of_attempt(attempt) + b"\n"


FORMAT = ReportFormat(name="http", place=50, show=ShowFormat("the raw request", attempt=_attempt))
