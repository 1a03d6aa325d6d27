"""Digital signatures: made as openssl makes them, and refused wherever they do not fit."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, digest, header_names, key_path, sign, verify
from flowsim.errors import SignatureError
from flowsim.installation import keys
from flowsim.scenario import files as scenario_files
from flowsim.story.opening import open_story

Headers = dict[str, str]
Damage = Callable[[Headers], Headers]

(PATH_1, SIGNATURE_1), (PATH_2, SIGNATURE_2) = header_names(1), header_names(2)
BODY = '{"event_id":"1","event":"é"}'.encode()
OPENSSL = shutil.which("openssl") or "openssl"

by_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> keys.KeyPair:
    return keys.load(tmp_path_factory.mktemp("signing") / "keys")


@pytest.fixture(scope="module")
def headers(pair: keys.KeyPair) -> Headers:
    return headers_of(BODY, pair)


def headers_of(body: bytes, pair: keys.KeyPair) -> Headers:
    """Return the four signature headers of a delivery."""
    signed = sign_both(body, pair)
    return {
        SIGNATURE_1: signed.signatures[0],
        SIGNATURE_2: signed.signatures[1],
        PATH_1: signed.key_paths[0],
        PATH_2: signed.key_paths[1],
    }


def sign_both(body: bytes, pair: keys.KeyPair) -> SignedPayload:
    first, second = (sign(digest(body), keys.parse_private(key.private_pem)) for key in pair)
    paths = key_path(pair[0].name), key_path(pair[1].name)
    return SignedPayload(Payload(body, "application/json", ()), (first, second), paths)


def keys_at(pair: keys.KeyPair, asked: list[str] | None = None) -> Callable[[str], RSAPublicKey]:
    """Return a key host that knows the pair, and notes what it is asked for."""
    known = {key_path(key.name): keys.parse_public(key.public_pem) for key in pair}

    def find(path: str) -> RSAPublicKey:
        if asked is not None:
            asked.append(path)
        return known[path]

    return find


def refusal(body: bytes, headers: Headers, pair: keys.KeyPair) -> SignatureError:
    with pytest.raises(SignatureError) as caught:
        verify(body, headers, keys_at(pair))
    return caught.value


def set_to(**changed: str | None) -> Damage:
    """Return a damage that gives headers other values, or removes them."""
    names = {"s1": SIGNATURE_1, "s2": SIGNATURE_2, "p1": PATH_1, "p2": PATH_2}

    def damage(headers: Headers) -> Headers:
        new = headers | {names[name]: value for name, value in changed.items() if value is not None}
        return {
            name: value
            for name, value in new.items()
            if name not in {names[each] for each, text in changed.items() if text is None}
        }

    return damage


def flipped(name: str) -> Damage:
    def damage(headers: Headers) -> Headers:
        raw = bytearray(base64.b64decode(headers[name]))
        raw[100] ^= 1
        return headers | {name: base64.b64encode(raw).decode()}

    return damage


def url_safe(name: str) -> Damage:
    return lambda headers: (
        headers | {name: "-_" + headers[name].replace("+", "-").replace("/", "_")[2:]}
    )


def swapped(headers: Headers) -> Headers:
    return headers | {SIGNATURE_1: headers[SIGNATURE_2], SIGNATURE_2: headers[SIGNATURE_1]}


# How signatures are made


@by_openssl
@pytest.mark.parametrize("name", ["partial", "failure-copy", "batch", "cloudevents"])
def test_openssl_accepts_both_signatures_of_a_delivery_written_to_disk(
    name: str, pair: keys.KeyPair, tmp_path: Path
) -> None:
    body = next(open_story(name).payloads()).body
    (tmp_path / "body.json").write_bytes(body)
    for key, text in zip(pair, sign_both(body, pair).signatures, strict=True):
        (tmp_path / "key.pem").write_bytes(key.public_pem)
        (tmp_path / "signature").write_bytes(base64.b64decode(text))
        command = [OPENSSL, "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature"]
        said = subprocess.run(
            [*command, "body.json"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (said.returncode, said.stdout) == (0, "Verified OK\n")


@by_openssl
def test_openssl_makes_the_very_same_signature(pair: keys.KeyPair, tmp_path: Path) -> None:
    """PKCS#1 v1.5 draws nothing, so a retry carries the same signatures."""
    (tmp_path / "key.pem").write_bytes(pair[0].private_pem)
    made = subprocess.run(
        [OPENSSL, "dgst", "-sha256", "-sign", "key.pem"],
        cwd=tmp_path,
        input=BODY,
        capture_output=True,
        check=True,
    )
    ours = sign_both(BODY, pair).signatures[0]
    assert base64.b64encode(made.stdout).decode() == ours == sign_both(BODY, pair).signatures[0]


@given(st.binary(max_size=200))
@settings(max_examples=20, deadline=None)
def test_a_signature_is_344_characters_of_standard_base64(pair: keys.KeyPair, body: bytes) -> None:
    first, second = sign_both(body, pair).signatures
    for text in (first, second):
        assert re.fullmatch(r"[A-Za-z0-9+/]{342}==", text)
    assert first != second
    verify(body, headers_of(body, pair), keys_at(pair))


def test_every_shipped_scenario_is_signed_so_that_it_verifies(pair: keys.KeyPair) -> None:
    for name in scenario_files.shipped():
        body = next(open_story(name).payloads()).body
        verify(body, headers_of(body, pair), keys_at(pair))


# What is refused

UNFIT = {
    "missing": (set_to(s1=None, s2=None), SIGNATURE_1),
    "empty": (set_to(s1="", s2=""), SIGNATURE_1),
    "one byte flipped": (
        lambda each: flipped(SIGNATURE_2)(flipped(SIGNATURE_1)(each)),
        SIGNATURE_1,
    ),
    "swapped": (swapped, SIGNATURE_1),
    "url-safe": (lambda each: url_safe(SIGNATURE_2)(url_safe(SIGNATURE_1)(each)), SIGNATURE_1),
    "no base64": (set_to(s1="?", s2="?"), SIGNATURE_1),
    "beyond ASCII": (set_to(s1="é" * 344, s2="é" * 344), SIGNATURE_1),
    "too short": (set_to(s1="QUJD", s2="QUJD"), SIGNATURE_1),
    "paths missing": (set_to(p1=None, p2=None), PATH_1),
    "paths of unknown keys": (
        set_to(p1="/prod/keys/pub-key-0000000000.pem", p2="/prod/keys/pub-key-0000000001.pem"),
        PATH_1,
    ),
}


@pytest.mark.parametrize(("damage", "header"), UNFIT.values(), ids=UNFIT)
def test_two_wrong_signatures_are_refused_with_the_first_wrong_header(
    damage: Damage, header: str, headers: Headers, pair: keys.KeyPair
) -> None:
    error = refusal(BODY, damage(headers), pair)
    assert error.header == header
    assert str(error).startswith(f"{header}: ")


def test_one_flipped_byte_of_the_body_is_refused(headers: Headers, pair: keys.KeyPair) -> None:
    for position in range(len(BODY)):
        body = bytearray(BODY)
        body[position] ^= 1
        error = refusal(bytes(body), headers, pair)
        assert str(error) == f"{SIGNATURE_1}: does not fit the body"


def test_the_same_json_in_other_bytes_is_refused(headers: Headers, pair: keys.KeyPair) -> None:
    for body in (BODY + b"\n", BODY.replace(b":", b": "), BODY.decode().encode("ascii", "replace")):
        assert refusal(body, headers, pair).header == SIGNATURE_1


@given(st.text(max_size=40) | st.text("AQ=+/-_ \n", max_size=12))
@settings(deadline=None)
def test_any_text_as_signature_is_refused_in_one_sentence(
    headers: Headers, pair: keys.KeyPair, text: str
) -> None:
    error = refusal(BODY, headers | {SIGNATURE_1: text, SIGNATURE_2: text}, pair)
    assert error.header == SIGNATURE_1


@given(st.integers(0, 255), st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_any_flipped_bit_of_a_signature_is_refused(
    headers: Headers, pair: keys.KeyPair, byte: int, bit: int
) -> None:
    raw = bytearray(base64.b64decode(headers[SIGNATURE_1]))
    raw[byte] ^= 1 << bit
    damaged = {SIGNATURE_1: base64.b64encode(raw).decode(), PATH_1: headers[PATH_1]}
    assert refusal(BODY, damaged, pair).header == SIGNATURE_1


def test_a_signature_fits_only_the_key_that_its_own_path_names(
    headers: Headers, pair: keys.KeyPair
) -> None:
    crossed = headers | {PATH_1: headers[PATH_2], PATH_2: headers[PATH_1]}
    assert refusal(BODY, crossed, pair).header == SIGNATURE_1


# One is enough

UNFIT_FIRST = {
    "missing": set_to(s1=None),
    "without its path": set_to(p1=None),
    "one byte flipped": flipped(SIGNATURE_1),
    "url-safe": url_safe(SIGNATURE_1),
    "of another key": swapped,
    "beyond ASCII": set_to(s1="é" * 344),
    "with a forged path": set_to(p1="@evil.example/pub-key-0000000000.pem"),
    "with an unknown path": set_to(p1="/prod/keys/pub-key-0000000000.pem"),
}


@pytest.mark.parametrize("damage", UNFIT_FIRST.values(), ids=UNFIT_FIRST)
def test_a_delivery_with_only_a_valid_second_signature_is_accepted(
    damage: Damage, headers: Headers, pair: keys.KeyPair
) -> None:
    verify(BODY, damage(headers) | {SIGNATURE_2: headers[SIGNATURE_2]}, keys_at(pair))


def test_a_delivery_with_only_a_valid_first_signature_is_accepted(
    headers: Headers, pair: keys.KeyPair
) -> None:
    asked: list[str] = []
    verify(BODY, flipped(SIGNATURE_2)(headers), keys_at(pair, asked))
    assert asked == [headers[PATH_1]]


# Forged key paths

FORGED = [
    "",
    "/",
    ".evil.example/prod/keys/pub-key-0000000000.pem",
    "@evil.example/prod/keys/pub-key-0000000000.pem",
    "//evil.example/prod/keys/pub-key-0000000000.pem",
    "https://evil.example/prod/keys/pub-key-0000000000.pem",
    "/prod/keys/../keys/pub-key-0000000000.pem",
    "/prod/keys/pub-key-0000000000.pem/../../../etc/passwd",
    "/prod/keys/pub-key-../../../../x.pem",
    "/prod/keys/pub-key-000000000.pem",
    "/prod/keys/pub-key-00000000000.pem",
    "/prod/keys/pub-key-00000000-0.pem",
    "/prod/keys/pub-key-0000000000.pem\n",
    "/prod/keys/pub-key-0000000000.pem?x=1",
    "/prod/keys/pub-key-0000000000.pem#x",
    "/prod/keys/pub-key-0000000000.pem\x00",
    "/prod/keys/pub-key-0000000000Xpem",
    "/prod/keys/pub-key-\uff10000000000.pem",
    "/prod/keys/pub-key-\u0660000000000.pem",
    "/PROD/keys/pub-key-0000000000.pem",
    "prod/keys/pub-key-0000000000.pem",
    "\\prod\\keys\\pub-key-0000000000.pem",
]


@pytest.mark.parametrize("path", FORGED)
def test_a_forged_key_path_is_never_looked_up(
    path: str, headers: Headers, pair: keys.KeyPair
) -> None:
    asked: list[str] = []
    with pytest.raises(SignatureError) as caught:
        verify(BODY, headers | {PATH_1: path, PATH_2: path}, keys_at(pair, asked))
    assert (asked, caught.value.header) == ([], PATH_1)


@given(st.text("/prodkeysub-0.pm@:é\n", max_size=40) | st.text(max_size=60))
@settings(deadline=None)
def test_only_a_path_of_adobes_form_is_looked_up(
    headers: Headers, pair: keys.KeyPair, path: str
) -> None:
    """The oracle takes the path apart without a pattern."""
    name = path.removeprefix("/prod/keys/pub-key-").removesuffix(".pem")
    has_form = len(name) == 10 and len(path) == 33 and name.isascii() and name.isalnum()
    asked: list[str] = []
    with pytest.raises(SignatureError):
        verify(BODY, headers | {PATH_1: path, PATH_2: path}, keys_at(pair, asked))
    assert asked == [path] * 2 * has_form


def test_a_long_forged_path_is_quoted_only_in_part(headers: Headers, pair: keys.KeyPair) -> None:
    error = refusal(BODY, headers | {PATH_1: "x" * 10_000, PATH_2: ""}, pair)
    assert len(str(error)) < 200
