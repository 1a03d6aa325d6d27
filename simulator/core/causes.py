"""Why an attempt got no answer, and what helps: one sentence for each cause.

The sentences are made where the attempt ends, and every report prints them as they are. Options
are named as on the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .duration import spell
from .outcome import quoted_beginning
from .printable import listed

Stage = Literal["address", "connection", "handshake", "answer"]
"""What an attempt waited for, in this order."""

ANY_CERTIFICATE = "--insecure accepts any certificate"
PERHAPS_PLAIN = "if the webhook speaks plain HTTP there, use http://"
SPEAKS_PLAIN = "the webhook speaks plain HTTP there, not TLS; use http://"
SPEAKS_TLS = "the webhook speaks TLS there, not plain HTTP; use https://"
SPEAKS_HTTP_2 = "the webhook speaks HTTP/2 only; let it speak HTTP/1.1 too"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says: for which hosts, its issuer, and from when until when."""

    names: Sequence[str]
    issuer: str
    begin: datetime
    end: datetime


def late(stage: Stage, seconds: float, came: int) -> str:
    """Return the cause of a timeout after ``seconds``, with ``came`` bytes of the answer."""
    within = f"within {spell(seconds)}"
    if stage == "address":
        return f"no address of the host {within}: the name server does not answer"
    if stage == "connection":
        return f"no connection {within}: the host does not answer"
    if stage == "handshake":
        return f"no TLS handshake {within}; {PERHAPS_PLAIN}"
    return f"no complete answer {within}: {_amount(came)}"


def cut(stage: Stage, came: int, *, was_reset: bool) -> str:
    """Return in words why an attempt has no complete answer: the webhook ended the connection.

    ``stage`` is what the attempt waited for. ``came`` is how many bytes of the answer had come.
    ``was_reset`` tells a connection that was reset (RST) from one that was closed (FIN).
    """
    ended = f"the webhook {'reset' if was_reset else 'closed'} the connection"
    if stage == "handshake":
        return f"{ended} during the TLS handshake; {PERHAPS_PLAIN}"
    return f"{ended} without a complete answer: {_amount(came)}"


def _amount(came: int) -> str:
    if not came:
        return "nothing came"
    return f"{came:,} byte{'' if came == 1 else 's'} came"


def refused(elsewhere: str = "") -> str:
    """Return the cause that nothing listens; on ``elsewhere`` a server listens on the same port."""
    other = f", but something listens at {elsewhere}: use that address" if elsewhere else ""
    return f"connection refused{other}"


def no_name(host: str, reason: str) -> str:
    """Return the cause that a host has no address, with the reason of the system."""
    return f"the name {host} cannot be looked up: {reason[:1].lower()}{reason[1:]}"


def not_http(answer: bytes, reason: str) -> str:
    """Return the cause that the answer is not HTTP; ``answer`` is its beginning."""
    if is_tls(answer):
        return SPEAKS_TLS
    if is_http_2(answer):
        return SPEAKS_HTTP_2
    begins = f": it begins with {quoted_beginning(answer[:40])}" if answer else ""
    return f"its answer is not HTTP ({' '.join(reason.split())[:60]}){begins}"


def other_scheme(problem: str, url: str) -> str:
    """Return why no attempt at an address can succeed, if a cause says that its scheme is wrong."""
    rest = url.partition("://")[2]
    schemes = {SPEAKS_PLAIN: "http", SPEAKS_TLS: "https"}
    if problem not in schemes:
        return ""
    why = problem.partition(" there")[0]
    return f"{why} at {url}, so no attempt can succeed; use {schemes[problem]}://{rest}"


def is_tls(answer: bytes) -> bool:
    """Tell whether bytes begin as a handshake or an alert of TLS does."""
    return answer[:2] in (b"\x15\x03", b"\x16\x03")


def is_http_2(answer: bytes) -> bool:
    """Tell whether bytes begin as a connection of HTTP/2 does: with a frame of its settings."""
    return answer[3:4] == b"\x04" and answer[5:9] == bytes(4) and answer[:2] == bytes(2)


def is_plain_http(answer: bytes) -> bool:
    """Tell whether bytes begin as an error of a plain HTTP server: some send no head, only HTML."""
    return answer.lower().startswith((b"http/", b"<!doctype html", b"<html"))


def untrusted(code: int, reason: str, found: Certificate | None, host: str, now: datetime) -> str:
    """Return why a certificate is not accepted, by OpenSSL's code and words for it.

    ``found`` is the certificate, if it is known. It is for ``host`` if nothing else is wrong.
    """
    words = _WORDS.get(code)
    if words is None:
        return f"its certificate is not accepted ({reason}); {ANY_CERTIFICATE}"
    return words(found, host, now)


def _self_signed(found: Certificate | None, host: str, now: datetime) -> str:
    cause = "its certificate is self-signed and not trusted"
    return _not_trusted(cause, "certificate", found, host, now)


def _unknown_authority(found: Certificate | None, host: str, now: datetime) -> str:
    issuer = f" {found.issuer!r}" if found and found.issuer else ""
    cause = f"its certificate is of an authority{issuer} that is not trusted"
    return _not_trusted(cause, "authority", found, host, now)


def _not_trusted(cause: str, what: str, found: Certificate | None, host: str, now: datetime) -> str:
    """Return a cause and its remedy: ``--cacert`` does not help if more is wrong."""
    if found and (more := _also_wrong(found, host, now)):
        return f"{cause}, {more}; {ANY_CERTIFICATE}"
    return f"{cause}; --cacert FILE trusts the {what} in that file, {ANY_CERTIFICATE}"


def _also_wrong(found: Certificate, host: str, now: datetime) -> str:
    """Return why a certificate would not be accepted even if its authority was trusted."""
    if found.end <= now:
        return f"and expired on {_moment(found.end)}"
    if found.begin > now:
        return f"and is not valid before {_moment(found.begin)}"
    known = [name.lower() for name in found.names]
    if host.lower() in known or any("*" in name or ":" in name for name in (*known, host)):
        return ""  # there is more than one way to write the same
    return f"and is not for {host}"


def _other_name(found: Certificate | None, host: str, _: datetime) -> str:
    if found is None:
        return f"its certificate is not for {host}; {ANY_CERTIFICATE}"
    if not found.names:
        return f"its certificate names no host, so it is not for {host}; {ANY_CERTIFICATE}"
    return f"its certificate is for {listed(found.names)}, not for {host}; {ANY_CERTIFICATE}"


def _expired(found: Certificate | None, _: str, now: datetime) -> str:
    if found is None or found.end <= now:
        when = f" on {_moment(found.end)}" if found else ""
        return f"its certificate expired{when}; renew it, or {ANY_CERTIFICATE}"
    return f"the certificate of its authority expired; renew it, or {ANY_CERTIFICATE}"


def _too_early(found: Certificate | None, _: str, now: datetime) -> str:
    if found is None or found.begin > now:
        when = f" before {_moment(found.begin)}" if found else " yet"
        return f"its certificate is not valid{when}; set the clocks right, or {ANY_CERTIFICATE}"
    return f"the certificate of its authority is not valid yet; {ANY_CERTIFICATE}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


_WORDS = {
    2: _unknown_authority,
    9: _too_early,
    10: _expired,
    18: _self_signed,
    19: _unknown_authority,
    20: _unknown_authority,
    21: _unknown_authority,
    62: _other_name,
    64: _other_name,
}
"""Code of OpenSSL (X509_V_ERR_…) → function that makes the sentence."""

_OLD = "the webhook speaks no TLS newer than 1.1; let it speak TLS 1.2 or 1.3"
_CLIENT_CERTIFICATE = (
    "the webhook wants a client certificate and does not accept flowsim's; let it trust the "
    "authority that flowsim certs prints"
)
_EITHER = (
    "the webhook refused the TLS handshake (handshake failure): it wants a client certificate, "
    "or both have no cipher in common"
)

_REASONS = {
    "ALERT_PROTOCOL_VERSION": _OLD,
    "UNSUPPORTED_PROTOCOL": _OLD,
    "WRONG_SSL_VERSION": _OLD,
    "VERSION_TOO_LOW": _OLD,
    "CERTIFICATE_REQUIRED": _CLIENT_CERTIFICATE,
    "ALERT_UNKNOWN_CA": _CLIENT_CERTIFICATE,
    "ALERT_BAD_CERTIFICATE": _CLIENT_CERTIFICATE,
    "ALERT_CERTIFICATE": _CLIENT_CERTIFICATE,
    "ALERT_UNSUPPORTED_CERTIFICATE": _CLIENT_CERTIFICATE,
    "ALERT_ACCESS_DENIED": _CLIENT_CERTIFICATE,
    "ALERT_DECRYPT_ERROR": _CLIENT_CERTIFICATE,
    "HANDSHAKE_FAILURE": _EITHER,
    "NO_APPLICATION_PROTOCOL": SPEAKS_HTTP_2,
    "UNRECOGNIZED_NAME": "the webhook has no certificate for this host name",
}
"""Part of a reason of OpenSSL → sentence; the first that fits counts."""

_NO_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH", "HTTP_REQUEST", "RECORD_TYPE", "UNEXPECTED_MES")


def no_handshake(reason: str, answer: bytes) -> str:
    """Return why TLS was not agreed on: OpenSSL's reason, as in ``WRONG_VERSION_NUMBER``.

    ``answer`` is the beginning of what a webhook sends to a client that begins with TLS.
    """
    if is_plain_http(answer):
        return SPEAKS_PLAIN
    if answer and not is_tls(answer):
        sent = quoted_beginning(answer[:40])
        return f"the webhook does not speak TLS there (it sends {sent}); {PERHAPS_PLAIN}"
    words = next((words for part, words in _REASONS.items() if part in reason), "")
    if not words and any(each in reason for each in _NO_TLS):
        return f"the webhook does not speak TLS there; {PERHAPS_PLAIN}"
    return words or f"the TLS handshake failed ({reason.replace('_', ' ').lower()})"
