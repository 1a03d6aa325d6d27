"""Faults of signatures and key paths, seen by a correct and by an unsafe webhook."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from flowsim.core.signature import KEY_PATH, SignedPayload, verify
from flowsim.errors import SignatureError
from flowsim.families.registry import FAULTS
from flowsim.faults.signature import foreign_pem, misled_pem
from flowsim.installation.key_sources import own_key
from flowsim.installation.keys import parse_public
from flowsim.receiver.answers import judge

from ..cases import for_each
from .way import KINDS, Way, events_of, way_of

HOST = "https://static.adobeioevents.com"
TRICKS = [name for name in FAULTS if name.startswith("key-path-")]


def signed_with(*named: str | tuple[str, Any], kind: str = "success") -> tuple[Way, SignedPayload]:
    """Return the way of an event with faults, and its first signed payload."""
    way = way_of(events_of(kind), *named)
    return way, way.deliveries[0].signed


def verified_by(way: Way, number: int) -> bool:
    """Tell whether one signature alone verifies the body."""
    other = f"x-adobe-digital-signature-{3 - number}"
    headers = {name: each for name, each in way.headers[0].items() if name != other}
    try:
        verify(way.deliveries[0].signed.payload.body, headers, own_key)
    except SignatureError:
        return False
    return True


@for_each(
    ("fault", "fits"),
    [
        (("one-signature-invalid", 1), (False, True)),
        (("one-signature-invalid", 2), (True, False)),
        (("one-signature-invalid", "2"), (True, False)),
        ("signatures-invalid", (False, False)),
        ("signatures-reused", (False, False)),
        ("signatures-swapped", (False, False)),
        ("signatures-case-flipped", (False, False)),
        ("tampered-body", (False, False)),
        ("foreign-key", (False, False)),
        ("header-case", (False, False)),
        *((trick, (False, False)) for trick in TRICKS),
    ],
)
def test_each_signature_fits_or_does_not(fault: Any, fits: tuple[bool, bool]) -> None:
    """``header-case`` shows that headers are not found by their exact names."""
    for kind in KINDS:
        way, _ = signed_with(fault, kind=kind)
        assert (verified_by(way, 1), verified_by(way, 2)) == fits


def test_every_wrong_signature_is_base64_of_256_bytes() -> None:
    for name in FAULTS:
        if FAULTS[name].point == "signature":
            _, signed = signed_with(name)
            for signature in signed.signatures:
                assert len(b64decode(signature, validate=True)) == 256
                assert len(signature) == 344


def test_a_flipped_signature_differs_in_the_case_of_one_letter() -> None:
    _, plain = signed_with()
    _, flipped = signed_with("signatures-case-flipped")
    for one, other in zip(plain.signatures, flipped.signatures, strict=True):
        assert sum(a != b for a, b in zip(one, other, strict=True)) == 1
        assert one.lower() == other.lower()
        assert b64decode(one) != b64decode(other)


def test_reused_signatures_are_those_of_the_delivery_before_with_another_body() -> None:
    first, second = events_of("cloudevents")[:2]
    faults = (FAULTS["signatures-reused"].fault(),)
    way = way_of([first, replace(second, faults=faults)])
    before, after = (each.signed for each in way.deliveries)
    assert after.signatures == before.signatures == way.signed[0].signatures
    assert after.payload.body == way.signed[1].payload.body != before.payload.body
    assert after.key_paths == before.key_paths
    tampered = (FAULTS["tampered-body"].fault(), *faults)
    again = way_of([replace(first, faults=tampered), replace(second, faults=faults)])
    assert again.deliveries[1].signed.signatures == way.signed[0].signatures


@pytest.mark.parametrize("kind", KINDS)
def test_a_tampered_body_is_still_for_this_consumer_and_still_json(kind: str) -> None:
    way, signed = signed_with("tampered-body", kind=kind)
    before, after = way.payloads[0].body, signed.payload.body
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    reception = judge(after, way.headers[0], own_key, "0123456789abcdef0123456789abcdef")
    assert (reception.status_code, "does not fit the body" in reception.reason) == (401, True)


def test_a_body_without_numbers_is_tampered_with_by_white_space() -> None:
    way = way_of(events_of(), "empty-batch", "tampered-body")
    assert way.deliveries[0].signed.payload.body == b"[] "


def test_another_seed_tampers_with_another_place() -> None:
    kind = FAULTS["tampered-body"]
    (plain,) = way_of(events_of()).signed
    bodies = set()
    for number in range(20):
        fault = kind.fault(seed=bytes([number]))
        bodies.add(fault.act(plain, fault).payload.body)
    assert len(bodies) > 5


# Foreign keys.


def fetched_by_adding(path: str) -> str:
    """Return the URL of a webhook that appends the path to the host, as Node's SDK does."""
    return HOST + path


def fetched_by_joining(path: str) -> str:
    """Return the URL of a webhook that joins host and path as URLs."""
    return urljoin(HOST, path)


@for_each(
    ("fault", "fetch", "host", "folder"),
    [
        ("key-path-suffix", fetched_by_adding, "static.adobeioevents.com.evil.example", "/prod"),
        ("key-path-at", fetched_by_adding, "evil.example", "/prod"),
        ("key-path-double-slash", fetched_by_joining, "evil.example", "/prod"),
        ("key-path-absolute", fetched_by_joining, "evil.example", "/prod"),
        ("key-path-dots", fetched_by_joining, "static.adobeioevents.com", "/evil"),
        (("key-path-at", "127.0.0.1:9"), fetched_by_adding, "127.0.0.1", "/prod"),
        (("key-path-absolute", "http://h:9"), fetched_by_joining, "h", "/prod"),
    ],
)
def test_key_paths_of_each_form_lead_unsafe_consumers_to_the_foreign_key(
    fault: Any, fetch: Any, host: str, folder: str
) -> None:
    """One path ends in a new name, the other in the name of a real key, to replace that key."""
    _, plain = signed_with()
    _, signed = signed_with(fault)
    names = [path.rpartition("/")[2] for path in signed.key_paths]
    reals = [path.rpartition("/")[2] for path in plain.key_paths]
    assert names[0] not in reals
    assert names[1] == reals[1]
    for path in signed.key_paths:
        url = urlsplit(fetch(path))
        assert url.hostname == host
        assert url.path.startswith(folder)
        assert not KEY_PATH.fullmatch(path)
        assert (misled_pem(url.path) is None) == (host != "static.adobeioevents.com")


@for_each("trick", TRICKS)
def test_a_consumer_that_fetches_the_foreign_key_accepts_the_body(trick: str) -> None:
    way, signed = signed_with(trick)
    for signature in signed.signatures:
        foreign_key().verify(b64decode(signature), signed.payload.body, PKCS1v15(), SHA256())
    with pytest.raises(SignatureError, match="is not a key path"):
        verify(signed.payload.body, way.headers[0], lambda _: foreign_key())


def foreign_key() -> RSAPublicKey:
    return parse_public(foreign_pem())


def test_the_foreign_key_is_at_no_path_that_a_correct_consumer_fetches() -> None:
    assert misled_pem("/evil/keys/any.pem") == foreign_pem()
    assert misled_pem("/prod/keys/pub-key-0000000000.pem") is None


def test_foreign_key_has_paths_of_the_right_form_that_are_not_served() -> None:
    way, signed = signed_with("foreign-key")
    assert all(KEY_PATH.fullmatch(path) for path in signed.key_paths)
    with pytest.raises(SignatureError, match="no public key at /prod/keys"):
        verify(signed.payload.body, way.headers[0], own_key)
