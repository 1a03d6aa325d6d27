"""What the certificate of a webhook must fit, and what it is shown if it asks for ours."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from .. import client_tls, settings
from ..core import texts
from ..errors import SettingError


def of_target(url: str | None, cacert: Path | None, *, insecure: bool) -> ssl.SSLContext | bool:
    """Return how a webhook that speaks HTTPS is met: it is shown our certificate if it asks.

    ``cacert`` holds the authority of its certificate, by default the system's count;
    ``insecure`` accepts any. Raises ``SettingError`` if the file holds no certificate.
    """
    trust = _trust(cacert, insecure)
    if url is None or urlsplit(url).scheme != "https":
        return trust
    from . import authority  # an import that most replays have no use for

    return authority.load(settings.authority_folder()).client_context(trust)


def _trust(cacert: Path | None, insecure: bool) -> ssl.SSLContext | bool:
    if insecure:
        return False
    if cacert is None:
        return True
    try:
        texts.without_mark(cacert.read_bytes())
        return client_tls.context(cacert)
    except texts.NoTextError as error:
        raise SettingError(f"--cacert {cacert}: {error}") from None
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or "no certificate in PEM form"
        raise SettingError(f"--cacert {cacert}: {reason}") from None
