"""TLS as a client speaks it: the same certificates are taken on every version of Python."""

from __future__ import annotations

import ssl
from pathlib import Path


def context(cafile: Path | None = None) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, or the certificates in a file.

    What ``openssl x509`` issues without further options is taken, which Python 3.13 refuses
    otherwise; so is a server's own certificate in the file, which older ones refuse. Raises
    ``OSError`` or ``ssl.SSLError`` for a file without certificates.
    """
    made = ssl.create_default_context(cafile=cafile)
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made
