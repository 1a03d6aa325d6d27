"""The option ``--service`` of the commands that pages show."""

from __future__ import annotations

from ..core.shell_words import quoted
from ..events_service import api

_USUAL = "http://127.0.0.1:4010"


def service_option() -> str:
    """Return what a command needs to reach the service of this request, with a space before it.

    It is empty at the usual address.
    """
    url = api.base_url()
    return "" if url == _USUAL else f" --service {quoted(url)}"
