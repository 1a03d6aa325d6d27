"""The exact body, unsigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..format_table import ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...core.payload import Payload


def _payload(payload: Payload) -> bytes:
    return payload.body + b"\n"


FORMAT = ReportFormat(
    name="body", place=70, show=ShowFormat("the exact body, unsigned", payload=_payload)
)
