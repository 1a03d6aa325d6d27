"""The certificate authority of this installation, made at first use.

The folder holds ``authority.pem`` (what clients trust), ``authority-key.pem`` (kept at mode
0600) and ``authority.p12``, the same certificate as a trust store for Java. Server and client
certificates are issued anew at each start and are never written to the disk.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    serialize_java_truststore,
)

from ..core import adobe_hosts
from ..core.served_hosts import CONTAINER_DOMAINS
from .own_files import explained, keep_private, make_once, write

LOOPBACK = ("localhost", "127.0.0.1", "::1")

CLIENT_NAME = "events.flowsim.invalid"
"""The only name in the client certificate; it never changes, like Adobe's (9.1)."""

TRUST_STORE_PASSWORD = "changeit"
"""Java's default password of trust stores; there is no secret in them."""

_CERTIFICATE, _KEY, _TRUST_STORE = "authority.pem", "authority-key.pem", "authority.p12"


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority: ``certificate`` is its PEM file, ``trust_store`` Java's (PKCS #12)."""

    certificate: Path
    trust_store: Path
    _issuer: trustme.CA

    def server_context(self, *hosts: str) -> ssl.SSLContext:
        """Return the TLS context of a server for all of Adobe's hosts, the loopback and ``hosts``.

        It covers the names by which containers reach this machine, too. Hosts that no
        certificate can name are left out, such as a name with an underscore.
        """
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certain = (*adobe_hosts.ALL, *LOOPBACK, *(f"*.{domain}" for domain in CONTAINER_DOMAINS))
        names = dict.fromkeys((*certain, *filter(self._can_certify, hosts)))
        self._issue(adobe_hosts.API, *names).configure_cert(context)
        return context

    def add_to(self, context: ssl.SSLContext) -> None:
        """Let a context trust this authority in addition to those that it trusts already."""
        self._issuer.configure_trust(context)

    def certify_client(self, context: ssl.SSLContext) -> None:
        """Let a client that uses this context present our certificate to servers (9.1)."""
        self._issue(CLIENT_NAME, CLIENT_NAME).configure_cert(context)

    def _can_certify(self, host: str) -> bool:
        try:
            self._issuer.issue_cert(host)
        except UnicodeError:  # what the encoding of international names does not take
            return False
        return True

    def _issue(self, name: str, *identities: str) -> trustme.LeafCert:
        return self._issuer.issue_cert(
            *identities,
            common_name=name,
            organization_name="flowsim",
            organization_unit_name="local certificate",
        )


def load(folder: Path) -> Authority:
    """Return the authority, made first if there is none. Raises ``KeyFileError``.

    If several processes make it at the same time, all use the same one.
    """
    with explained(
        folder,
        "no certificate and its key can be read here",
        "move the folder away and a new authority will be made",
    ):
        if not folder.exists():
            make_once(folder, _fill)
        certificate, trust_store = folder / _CERTIFICATE, folder / _TRUST_STORE
        keep_private(
            folder / _KEY, f"if another user has read it: remove {folder}, and trust it nowhere"
        )
        issuer = _read(certificate.read_bytes(), (folder / _KEY).read_bytes())
        trust_store.stat()
        return Authority(certificate, trust_store, issuer)


def _fill(folder: Path) -> None:
    made = trustme.CA(organization_name="flowsim", organization_unit_name="local authority")
    pem = made.cert_pem.bytes()
    write(folder / _CERTIFICATE, pem, 0o644)
    write(folder / _TRUST_STORE, _for_java(pem), 0o644)
    write(folder / _KEY, made.private_key_pem.bytes(), 0o600)


def _for_java(pem: bytes) -> bytes:
    """Return a trust store that Java opens as it is: Java needs entries marked as trusted."""
    entry = PKCS12Certificate(x509.load_pem_x509_certificate(pem), b"flowsim")
    password = TRUST_STORE_PASSWORD.encode()
    return serialize_java_truststore([entry], BestAvailableEncryption(password))


def _read(pem: bytes, key_pem: bytes) -> trustme.CA:
    certificate = x509.load_pem_x509_certificate(pem)
    if certificate.public_key() != load_pem_private_key(key_pem, None).public_key():
        raise ValueError("the key does not belong to the certificate")
    return trustme.CA.from_pem(pem, key_pem)
