"""TLS of a client: the authorities that it trusts, and the certificate that it presents."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import SettingError
from ..files import texts
from . import settings

if TYPE_CHECKING:
    from .authority import Authority


def tls_context(cafile: Path | None = None) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, or the certificates in a file.

    Certificates as ``openssl x509`` makes them without further options are accepted, which Python
    3.13 refuses by default. So is a server's own certificate in the file, which older versions
    refuse. Raises
    ``OSError`` or ``ssl.SSLError`` for a file without certificates.
    """
    made = ssl.create_default_context(cafile=cafile)
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


def of_target(url: str | None, cacert: Path | None, *, insecure: bool) -> ssl.SSLContext | bool:
    """Return the TLS context for a webhook; if it asks, our client certificate is presented.

    ``cacert`` holds the authority of its certificate; by default the system's count.
    ``insecure`` accepts any. Raises ``SettingError`` if the file holds no certificate.
    """
    trust = _trust(cacert, insecure)
    if url is None or urlsplit(url).scheme != "https":
        return trust
    return _with_own_certificate(trust)


def of_webhooks(cacert: Path | None, *, insecure: bool) -> Callable[[], ssl.SSLContext]:
    """Return a function that returns the TLS context for webhooks that are not known yet.

    It makes the context at its first call, and then returns the same one. The context is as
    ``of_target`` says: ``cacert`` holds the authority of the webhooks, ``insecure`` accepts any
    certificate. Raises ``SettingError`` at once if the file holds no
    certificate.
    """
    trust = _trust(cacert, insecure)
    return cache(partial(_with_own_certificate, trust))


def _with_own_certificate(trust: ssl.SSLContext | bool) -> ssl.SSLContext:
    from . import authority  # an import that most replays have no use for

    return client_context(authority.load(settings.authority_folder()), trust)


def client_context(own: Authority, trust: ssl.SSLContext | bool = True) -> ssl.SSLContext:
    """Return a TLS context with our client certificate, for servers that ask for one (9.1).

    It trusts our own authority and those of the system, or the authorities of a given context,
    or (false) any certificate.
    """
    context = trust if isinstance(trust, ssl.SSLContext) else tls_context()
    if trust is True:
        own.add_to(context)
    elif trust is False:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    own.certify_client(context)
    return context


def _trust(cacert: Path | None, insecure: bool) -> ssl.SSLContext | bool:
    if insecure:
        return False
    if cacert is None:
        return True
    try:
        return tls_context(cacert)
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
