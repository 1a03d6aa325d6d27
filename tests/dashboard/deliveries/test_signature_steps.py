"""Signatures verified step by step: which step fails, why, and what the signature fits instead."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.signature import KeyHostDownError, digest, header_names, key_path, sign_both
from flowsim.dashboard.deliveries.one_signature import SignatureStep
from flowsim.dashboard.deliveries.signature_steps import ExplainedSignatures, explain
from flowsim.errors import KeyFileError
from flowsim.installation import keys
from flowsim.receiver.local_hosts import noted_host

from ...cases import for_each
from ...strategies import JSON
from ...webhook import Webhook, status

CLIENT = "0123456789abcdef0123456789abcdef"
BODY = f'{{"event_id":"1","event":"é/<","recipient_client_id":"{CLIENT}","n":1.0}}'.encode()
Headers = dict[str, str]
(PATH_1, SIGNATURE_1), (PATH_2, SIGNATURE_2) = header_names(1), header_names(2)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> keys.KeyPair:
    return keys.load(tmp_path_factory.mktemp("signing") / "keys")


@pytest.fixture(scope="module")
def find_pem(pair: keys.KeyPair) -> Callable[[str], bytes]:
    served = {key_path(each.name): each.public_pem for each in pair}
    return served.__getitem__


def headers_of(body: bytes, pair: keys.KeyPair) -> Headers:
    private = [keys.parse_private(each.private_pem) for each in pair]
    first, second = sign_both(digest(body), private)
    paths = keys.paths(pair)
    return {SIGNATURE_1: first, SIGNATURE_2: second, PATH_1: paths[0], PATH_2: paths[1]}


def again(raw: bytes, **options: Any) -> bytes:
    """Return JSON as a program writes it that has parsed it."""
    return json.dumps(json.loads(raw), **options).encode()


def failed(found: ExplainedSignatures) -> list[SignatureStep]:
    return [each for each in found.steps if each.state == "failed"]


def test_every_step_of_a_correct_delivery_passes(pair: Any, find_pem: Any) -> None:
    headers = headers_of(BODY, pair)
    found = explain(BODY, {name.title(): each for name, each in headers.items()}, find_pem, CLIENT)
    assert [each.state for each in found.steps] == ["passed"] * 13
    assert (found.accepted, found.key) == (True, headers[PATH_1])
    assert found.verdict == "Signatures 1 and 2 fit: a consumer must accept it."


def test_one_signature_that_fits_is_enough(pair: Any, find_pem: Any) -> None:
    headers = headers_of(BODY, pair)
    del headers[SIGNATURE_1]
    found = explain(BODY, headers, find_pem, CLIENT)
    states = [each.state for each in found.steps]
    assert states == ["failed", *["not reached"] * 5, *["passed"] * 7]
    assert (found.accepted, found.key) == (True, headers[PATH_2])


@for_each(
    ("change", "name", "mistake"),
    [
        ({SIGNATURE_1: ""}, f"header {SIGNATURE_1}", "is missing"),
        ({SIGNATURE_1: "a b"}, "base64", "not standard base64"),
        ({SIGNATURE_1: "ab-_" * 86}, "base64", "url-safe base64"),
        ({SIGNATURE_1: "abcd"}, "base64", "3 bytes, expected 256"),
        ({PATH_1: ""}, f"header {PATH_1}", "is missing"),
        ({PATH_1: "@evil/keys/k.pem"}, f"header {PATH_1}", "no path of a key"),
        ({PATH_1: key_path("pub-key-0000000000")}, "public key", "not known here"),
    ],
)
def test_the_first_wrong_step_fails_and_the_rest_is_not_reached(
    pair: Any, find_pem: Any, change: Headers, name: str, mistake: str
) -> None:
    found = explain(BODY, headers_of(BODY, pair) | change, find_pem, CLIENT)
    (step,) = failed(found)
    assert step.name == name
    assert mistake in step.mistake
    assert step.remedy
    after = found.steps[found.steps.index(step) + 1 : 6]
    assert all(each.state == "not reached" for each in after)
    assert found.accepted


@for_each(
    ("error", "name", "found"),
    [
        (KeyHostDownError("/x"), "public key", "the key host answers 503"),
        (LookupError("/x"), "public key", "no key at this path"),
        (KeyFileError(Path("a.pem"), "not readable"), "public key", "a.pem: not readable"),
        (b"<html>404</html>", "PEM", "not a public key"),
    ],
)
def test_a_key_that_is_none_fails_its_step(
    pair: Any, error: Exception | bytes, name: str, found: str
) -> None:
    def find(_: str) -> bytes:
        if isinstance(error, bytes):
            return error
        raise error

    steps = failed(explain(BODY, headers_of(BODY, pair), find, CLIENT))
    assert [(each.name, each.found) for each in steps] == [(name, found)] * 2


def test_a_tampered_body_fails_at_the_last_step_of_both(pair: Any, find_pem: Any) -> None:
    tampered = BODY.replace(b"1.0", b"2.0")
    found = explain(tampered, headers_of(BODY, pair), find_pem, CLIENT)
    steps = failed(found)
    assert [(each.group, each.name) for each in steps] == [
        ("signature 1", "RSA-SHA256"),
        ("signature 2", "RSA-SHA256"),
    ]
    assert digest(BODY).hex() in steps[0].mistake
    assert "signed another body" in steps[0].mistake
    assert (found.accepted, found.key) == (False, "")
    assert found.verdict == "Neither signature fits: a consumer must refuse it."


def test_swapped_signatures_fit_the_other_key(pair: Any, find_pem: Any) -> None:
    headers = headers_of(BODY, pair)
    swapped = headers | {SIGNATURE_1: headers[SIGNATURE_2], SIGNATURE_2: headers[SIGNATURE_1]}
    steps = failed(explain(BODY, swapped, find_pem, CLIENT))
    assert ["it fits key 2, not key 1" in each.mistake for each in steps] == [True, False]
    assert "it fits key 1, not key 2" in steps[1].mistake


def test_a_signature_of_no_key_was_changed(pair: Any, find_pem: Any) -> None:
    headers = headers_of(BODY, pair) | {SIGNATURE_1: base64.b64encode(b"x" * 256).decode()}
    (step,) = failed(explain(BODY, headers, find_pem, CLIENT))
    assert "not made with key 1" in step.mistake


@for_each(
    ("write", "form"),
    [
        (lambda raw: raw + b"\n", "with a line end behind it"),
        (base64.b64encode, "as base64"),
        (again, "written again as JSON, with spaces and escapes"),
        (lambda raw: again(raw, indent=2, ensure_ascii=False), "JSON, indented by 2"),
        (lambda raw: again(raw, separators=(",", ":")), "JSON, without spaces and with escapes"),
    ],
)
def test_a_body_that_was_written_again_is_recognised(
    pair: Any, find_pem: Any, write: Callable[[bytes], bytes], form: str
) -> None:
    """The signature was made of another form of this body: a framework rewrote it between."""
    found = explain(BODY, headers_of(write(BODY), pair), find_pem, CLIENT)
    (first, second) = failed(found)
    assert "it fits this body" in first.mistake
    assert first.mistake == second.mistake
    assert first.mistake.endswith(form)


def test_a_body_that_a_framework_wrote_again_shows_the_original_form(
    pair: Any, find_pem: Any
) -> None:
    original = BODY.replace(b"1.0", b"1")
    pretty = json.dumps(json.loads(original), indent=4).encode()
    found = explain(pretty, headers_of(original, pair), find_pem, CLIENT)
    assert "it fits this body written again as JSON, without spaces" in failed(found)[0].mistake


@for_each(
    ("client", "body", "is_accepted", "found"),
    [
        (CLIENT, BODY, True, CLIENT),
        (None, BODY, True, f"{CLIENT}, compared with none: no client id is known here"),
        ("other", BODY, False, CLIENT),
        (CLIENT, b"{}", False, "none"),
        (CLIENT, b"[", False, ""),
    ],
)
def test_the_recipient_must_be_the_consumer_itself(
    pair: Any, find_pem: Any, client: str | None, body: bytes, is_accepted: bool, found: str
) -> None:
    explained = explain(body, headers_of(body, pair), find_pem, client)
    assert (explained.accepted, explained.steps[-1].found) == (is_accepted, found)
    assert is_accepted is ("must accept it" in explained.verdict)


OWN, OTHER, EMPTY = ({"recipient_client_id": each} for each in (CLIENT, "other", ""))


@for_each(
    ("content", "verdict"),
    [
        (OTHER, "the event is for another client id"),
        ({"recipient_client_id": CLIENT, "recipientclientid": "x"}, "is for another client id"),
        (EMPTY, "the event has an empty text as its recipient"),
        ({}, "the event names no recipient"),
        (5, "the event names no recipient"),
        ([OTHER], "the event is for another client id"),
        ([OWN, OTHER, OWN], "event 2 of 3 is for another client id"),
        ([OWN, OWN, EMPTY], "event 3 of 3 has an empty text as its recipient"),
        ([{}, OWN], "event 1 of 2 names no recipient"),
    ],
)
def test_each_cause_of_a_wrong_recipient_has_its_own_verdict(
    pair: Any, find_pem: Any, content: Any, verdict: str
) -> None:
    body = json.dumps(content).encode()
    found = explain(body, headers_of(body, pair), find_pem, CLIENT)
    assert found.verdict.startswith("A signature fits, but ")
    assert f"{verdict}: a consumer must refuse it." in found.verdict
    (step,) = failed(found)
    assert verdict in step.mistake
    assert (found.advice, found.accepted) == ("Refuse", False)


@for_each(
    ("body", "problem", "status"),
    [
        (b"", "the request has no body", 400),
        (b"{", "the body is not JSON in UTF-8", 400),
        (b'"\xff"', "the body is not JSON in UTF-8", 400),
        (b"[" + b"1," * 250_001 + b"1]", "the body has more than 250,000 values", 413),
    ],
)
def test_a_body_that_is_not_read_says_nothing_about_its_recipient(
    pair: Any, find_pem: Any, body: bytes, problem: str, status: int
) -> None:
    found = explain(body, headers_of(body, pair), find_pem, CLIENT)
    assert found.verdict.startswith(f"A signature fits, but {problem}")
    assert found.verdict.endswith(f": a consumer must refuse it with {status}.")
    assert failed(found)[0].remedy == f"Refuse it with {status}."


def test_an_array_without_events_has_nothing_to_compare(pair: Any, find_pem: Any) -> None:
    found = explain(b"[]", headers_of(b"[]", pair), find_pem, CLIENT)
    assert (found.advice, found.accepted, failed(found)) == ("No event", False, [])
    assert found.verdict.startswith("A signature fits, but the array has no event:")
    assert found.steps[-1].state == "not reached"


@for_each(
    ("error", "body", "advice", "verdict"),
    [
        (KeyHostDownError("/x"), BODY, "Put off", "answer 503, and the event comes again"),
        (KeyHostDownError("/x"), b"{}", "Refuse", "the event names no recipient"),
        (KeyFileError(Path("a.pem"), "broken"), BODY, "Put off", "a key cannot be read here"),
        (LookupError("/x"), BODY, "Refuse", "Neither signature fits"),
    ],
)
def test_a_key_that_is_not_there_for_the_moment_says_nothing_about_the_signature(
    pair: Any, error: Exception, body: bytes, advice: str, verdict: str
) -> None:
    def find(_: str) -> bytes:
        raise error

    found = explain(body, headers_of(body, pair), find, CLIENT)
    assert (found.advice, found.accepted) == (advice, False)
    assert verdict in found.verdict


def test_a_validation_url_is_unsigned_and_no_mistake(find_pem: Any) -> None:
    found = explain(b'{"validationUrl":"https://a"}', {}, find_pem, CLIENT)
    assert found.verdict.startswith("Unsigned, as a validation URL is")
    assert (found.advice, found.steps[-1].state) == ("Validation URL", "not reached")
    assert found.openssl == ""


@given(
    st.binary(max_size=100) | JSON.map(lambda each: json.dumps(each).encode()),
    st.dictionaries(st.sampled_from([PATH_1, SIGNATURE_1, PATH_2, SIGNATURE_2]), st.text()),
    st.none() | st.text(),
)
def test_any_request_has_its_thirteen_steps(
    find_pem: Any, body: bytes, headers: Headers, client: str | None
) -> None:
    found = explain(body, headers, find_pem, client)
    assert len(found.steps) == 13
    assert not found.accepted
    assert all((each.found + each.mistake + each.remedy).isprintable() for each in found.steps)


@pytest.fixture
def key_host(find_pem: Callable[[str], bytes]) -> Iterator[str]:
    with noted_host(0, find_pem, lambda _: None) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@for_each(
    ("body", "word"),
    [(BODY, "Verified OK"), (b"\x00\xff\n'\n", "Verified OK"), (BODY + b" ", "failure")],
)
def test_the_commands_verify_with_openssl_and_a_key_host(
    pair: Any, find_pem: Any, key_host: str, tmp_path: Path, body: bytes, word: str
) -> None:
    signed = headers_of(body.rstrip(b" "), pair)
    text = explain(body, signed, find_pem, key_host=key_host).openssl
    assert text.replace("\n", "").isprintable()
    said = subprocess.run(["sh", "-c", text], cwd=tmp_path, capture_output=True, check=False)
    assert said.stdout.decode().count(word) + said.stderr.decode().count(word) == 2
    assert (tmp_path / "body.bin").read_bytes() == body


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_large_body_is_downloaded_by_the_commands(
    pair: Any, find_pem: Any, key_host: str, tmp_path: Path
) -> None:
    body = b'"' + b"x" * 100_000 + b'"'
    with Webhook() as downloads:
        downloads.answers = [status(200, body.decode())]
        found = explain(
            body, headers_of(body, pair), find_pem, key_host=key_host, body_url=downloads.url
        )
        assert len(found.openssl) < 5_000
        said = subprocess.run(
            ["sh", "-c", found.openssl], cwd=tmp_path, stdout=subprocess.PIPE, check=True
        )
    assert said.stdout.decode().splitlines() == ["Verified OK"] * 2
