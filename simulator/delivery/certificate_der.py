"""Reads what an attempt's cause says of a certificate."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..core.causes import Certificate

_LONGEST = 100

_UNREADABLE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def read(der: bytes) -> Certificate | None:
    """Return what a certificate in DER says; none for what cannot be read as one."""
    try:
        found = x509.load_der_x509_certificate(der)
        return Certificate(
            [each[:_LONGEST] for each in _names(found)],
            _issuer(found)[:_LONGEST],
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )
    except _UNREADABLE:
        return None


def _names(found: x509.Certificate) -> list[str]:
    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    hosts = alternatives.get_values_for_type(x509.DNSName)
    return [*hosts, *map(str, alternatives.get_values_for_type(x509.IPAddress))]


def _issuer(found: x509.Certificate) -> str:
    """Return the common name of the issuer, or whatever it is named by; nothing without one."""
    named = found.issuer.get_attributes_for_oid(NameOID.COMMON_NAME) or [*found.issuer]
    return str(named[0].value) if named else ""
