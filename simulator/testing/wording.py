"""Messages for programs: options of the command line are replaced by arguments, or left out."""

from __future__ import annotations

from ..core.causes import ANY_CERTIFICATE
from ..events_service.filters.bodies import AS_CLOUD_EVENTS

_IN_PYTHON = {
    f", or {ANY_CERTIFICATE}": "",
    f", {ANY_CERTIFICATE}": "",
    f"; {ANY_CERTIFICATE}": "",
    "--cacert FILE": "SSL_CERT_FILE=FILE in the environment",
    "--keys ": "source=",
    "--processed": "processed=",
    "--settle": "settle=",
    f"add {AS_CLOUD_EVENTS}": "call deliver_as('cloud_events') of the service first",
}
"""Text of messages → its replacement; a longer text stands before its parts."""


def in_python(text: str) -> str:
    """Return a message with arguments of Python in the place of options."""
    for words, others in _IN_PYTHON.items():
        text = text.replace(words, others)
    return text
