"""Messages as a test needs them: options of the command line have other names there, or none."""

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
"""What messages say → what stands for it in a test; a longer one stands before its parts."""


def in_python(text: str) -> str:
    """Return a message that names what a test can do."""
    for words, others in _IN_PYTHON.items():
        text = text.replace(words, others)
    return text
