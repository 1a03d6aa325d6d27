"""Which webhooks are trusted, by what an authority of one's own issues for them."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from flowsim.delivery.http_connecting import context_of
from flowsim.errors import SettingError
from flowsim.installation import authority, trust

from .test_authority import shake_hands

HOST = "127.0.0.1"


def certificate(
    name: str, key: EllipticCurvePrivateKey, issuer: EllipticCurvePrivateKey, *extension: object
) -> bytes:
    """Return what ``openssl x509`` makes: it names no use of the key, and no key of the issuer."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, "mine")]
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(*reversed(names), key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    for each in extension:
        made = made.add_extension(each, critical=False)  # type: ignore[arg-type]
    return made.sign(issuer, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def webhook(tmp_path: Path) -> ssl.SSLContext:
    """A webhook whose certificate and authority are in ``server.pem`` and ``mine.pem``."""
    ours, issuers = (generate_private_key(SECP256R1()) for _ in range(2))
    alone = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    server, mine = tmp_path / "server.pem", tmp_path / "mine.pem"
    server.write_bytes(
        ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate("a webhook", ours, issuers, alone)
    )
    mine.write_bytes(
        certificate("mine", issuers, issuers, x509.BasicConstraints(ca=True, path_length=None))
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return context


def by_cacert(file: Path) -> ssl.SSLContext:
    found = trust.of_target("http://w/", file, insecure=False)
    assert isinstance(found, ssl.SSLContext)
    return found


def by_the_system(file: Path) -> ssl.SSLContext:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(file))
        return context_of(True)


def by_the_system_and_ours(file: Path) -> ssl.SSLContext:
    ours = authority.load(file.parent / "authority")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(file))
        return trust.client_context(ours)


@pytest.mark.parametrize("trusting", [by_cacert, by_the_system, by_the_system_and_ours])
@pytest.mark.parametrize("name", ["mine.pem", "server.pem"])
def test_a_certificate_is_accepted_by_its_authority_or_by_itself(
    webhook: ssl.SSLContext, tmp_path: Path, trusting: Callable[[Path], ssl.SSLContext], name: str
) -> None:
    """Python 3.13 and those before it differ in both, where nothing is said to them."""
    shake_hands(webhook, trusting(tmp_path / name), HOST)


def test_a_scheme_in_capitals_is_https_as_well() -> None:
    assert isinstance(trust.of_target("HTTPS://localhost/", None, insecure=False), ssl.SSLContext)


def test_an_authority_in_another_encoding_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("-----BEGIN CERTIFICATE-----", encoding="utf-16")
    with pytest.raises(SettingError) as caught:
        trust.of_target(None, file, insecure=False)
    assert str(caught.value).startswith(f"--cacert {file}: line 1: text in UTF-16; expected text")


def test_an_authority_may_come_from_a_pipe(tmp_path: Path) -> None:
    """Shells make one of <(command)."""
    os.mkfifo(tmp_path / "pipe")
    pem = trustme.CA().cert_pem.bytes()
    with ThreadPoolExecutor(1) as pool:
        pool.submit((tmp_path / "pipe").write_bytes, pem)
        trusted = trust.of_target(None, tmp_path / "pipe", insecure=False)
    assert isinstance(trusted, ssl.SSLContext)
    assert trusted.cert_store_stats()["x509_ca"] == 1
