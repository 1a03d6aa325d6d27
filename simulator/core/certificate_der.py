"""Reads what an attempt's cause says of a certificate."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from .causes import Certificate


def read(der: bytes) -> Certificate | None:
    """Return what a certificate in DER says; none for what cannot be read as one."""
    try:
        found = x509.load_der_x509_certificate(der)
        names = _names(found)
        issuer = found.issuer.get_attributes_for_oid(NameOID.COMMON_NAME) or [*found.issuer]
    except ValueError:
        return None
    return Certificate(
        names,
        str(issuer[0].value) if issuer else "",
        found.not_valid_before_utc,
        found.not_valid_after_utc,
    )


def _names(found: x509.Certificate) -> list[str]:
    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    hosts = alternatives.get_values_for_type(x509.DNSName)
    return [*hosts, *map(str, alternatives.get_values_for_type(x509.IPAddress))]
