"""What the certificate of a webhook must fit, and what it is shown if it asks for ours."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import SettingError
from ..files import texts
from . import client_tls, settings


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


def of_webhooks(cacert: Path | None, *, insecure: bool) -> Callable[[], ssl.SSLContext]:
    """Return what makes the context for webhooks that are not known yet, once one is needed.

    It is as ``of_target`` says. Raises ``SettingError`` at once if the file holds no certificate.
    """
    trust = _trust(cacert, insecure)

    @cache
    def context() -> ssl.SSLContext:
        from . import authority

        return authority.load(settings.authority_folder()).client_context(trust)

    return context


def _trust(cacert: Path | None, insecure: bool) -> ssl.SSLContext | bool:
    if insecure:
        return False
    if cacert is None:
        return True
    try:
        return client_tls.context(cacert)
    except ssl.SSLError:
        raise SettingError(f"--cacert {cacert}: {_why_no_certificate(cacert)}") from None
    except OSError as error:
        raise SettingError(f"--cacert {cacert}: {error.strerror or error}") from None


def _why_no_certificate(file: Path) -> str:
    """Return what is wrong with a file; a pipe cannot be read a second time to look."""
    try:
        texts.without_mark(file.read_bytes() if file.is_file() else b"")
    except texts.NoTextError as error:
        return str(error)
    return "no certificate in PEM form"
