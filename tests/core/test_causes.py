"""The words for what keeps an attempt from an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import causes
from flowsim.core.causes import Certificate
from flowsim.delivery.looks import certificate_of

from ..cases import for_each

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FOUND = Certificate(["hooks.example"], "", NOW - DAY, NOW + DAY)
EXPIRED, TOO_EARLY, SELF_SIGNED, NO_ISSUER, OTHER_NAME = 10, 9, 18, 20, 62


@for_each(
    ("code", "words"),
    [
        (EXPIRED, "its certificate expired; renew it"),
        (TOO_EARLY, "its certificate is not valid yet"),
        (SELF_SIGNED, "its certificate is self-signed"),
        (NO_ISSUER, "its certificate is of an authority that is not trusted"),
        (OTHER_NAME, "its certificate is not for a.example"),
        (66, "its certificate is not accepted (key too weak)"),
    ],
)
def test_the_cause_is_named_without_the_certificate_too(code: int, words: str) -> None:
    assert causes.untrusted(code, "key too weak", None, "a.example", NOW).startswith(words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (EXPIRED, "the certificate of its authority expired"),
        (TOO_EARLY, "the certificate of its authority is not valid yet"),
    ],
)
def test_an_expired_authority_is_named_and_not_its_valid_certificate(code: int, words: str) -> None:
    assert causes.untrusted(code, "", FOUND, "hooks.example", NOW).startswith(words)


@for_each(
    ("reason", "words"),
    [
        ("TLSV1_ALERT_PROTOCOL_VERSION", "the webhook speaks no TLS newer than 1.1"),
        ("UNSUPPORTED_PROTOCOL", "the webhook speaks no TLS newer than 1.1"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "the webhook wants a client certificate"),
        ("TLSV1_ALERT_UNKNOWN_CA", "the webhook wants a client certificate"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", "the webhook wants a client certificate"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "the webhook refused the TLS handshake"),
        ("TLSV1_UNRECOGNIZED_NAME", "the webhook has no certificate for this host name"),
        ("TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "the webhook speaks HTTP/2 only"),
        ("WRONG_VERSION_NUMBER", "the webhook does not speak TLS there; if the webhook speaks pl"),
        ("INTERNAL_ERROR", "the TLS handshake failed (internal error)"),
    ],
)
def test_each_reason_of_openssl_has_a_sentence(reason: str, words: str) -> None:
    for answer in (b"", b"\x15\x03\x01\x00\x02\x02\x46"):
        assert causes.no_handshake(reason, answer).startswith(words)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n", b"<!DOCTYPE HTML>\n<html>", b"<html>"]
)
def test_answers_of_plain_http_to_a_handshake_are_recognised(answer: bytes) -> None:
    for reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
        assert causes.no_handshake(reason, answer) == causes.SPEAKS_PLAIN


@given(st.binary())
def test_no_certificate_leads_to_an_exception(der: bytes) -> None:
    assert certificate_of(der) is None


@given(st.binary(), st.text())
def test_any_answer_that_is_not_http_is_one_short_line(answer: bytes, reason: str) -> None:
    for words in (causes.not_http(answer, reason), causes.no_handshake("SOME_REASON", answer)):
        assert len(words.splitlines()) == 1
        assert len(words) < 400
