"""Faults of the headers of one attempt."""

from __future__ import annotations

from base64 import b64decode

import pytest

from ..webhook import Request, Webhook
from .replaying import Flowsim, over_socket
from .way import events_of, way_of


def test_header_names_in_capitals_are_the_same_names() -> None:
    (plain,), (capitals,) = way_of(events_of()).headers, way_of(events_of(), "header-case").headers
    assert {name.lower(): each for name, each in capitals.items()} == plain
    assert "X-Adobe-Public-Key1-Path" in capitals


def test_an_unsigned_request_has_neither_signatures_nor_key_paths() -> None:
    for names in (["unsigned"], ["unsigned", "header-case"], ["header-case", "unsigned"]):
        (headers,) = way_of(events_of(), *names).headers
        assert not [
            name for name in headers if "signature" in name.lower() or "key" in name.lower()
        ]
        assert len(headers) == 7


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_pair_is_one_signature_and_the_path_of_its_key(number: int) -> None:
    (whole,) = way_of(events_of()).headers
    (headers,) = way_of(events_of(), ("pair-missing", number)).headers
    missing = {f"x-adobe-digital-signature-{number}", f"x-adobe-public-key{number}-path"}
    assert {*whole} - {*headers} == missing
    assert all(headers[name] == whole[name] for name in headers)


def test_an_event_with_the_code_of_a_challenge_differs_in_this_header_only() -> None:
    (plain,) = way_of(events_of()).headers
    (headers,) = way_of(events_of(), "code-of-challenge").headers
    assert headers == {**plain, "x-adobe-event-code": "challenge"}
    (capitals,) = way_of(events_of(), "header-case", "code-of-challenge").headers
    assert capitals["X-Adobe-Event-Code"] == "challenge"


def test_a_content_type_is_the_stated_one() -> None:
    assert way_of(events_of(), "content-type").headers[0]["content-type"].endswith("-batch+json")
    (headers,) = way_of(events_of(), "header-case", ("content-type", "text/plain")).headers
    assert headers["Content-Type"] == "text/plain"
    assert "content-type" not in headers


def test_the_old_signature_is_base64_of_32_bytes() -> None:
    (headers,) = way_of(events_of(), "old-signature-header").headers
    assert len(b64decode(headers["x-adobe-signature"], validate=True)) == 32


def names(request: Request) -> list[str]:
    return [line.split(":")[0] for line in request.header_lines]


def test_header_names_are_sent_as_a_fault_spells_them(flowsim: Flowsim, webhook: Webhook) -> None:
    _, (request,) = over_socket(flowsim, webhook, "header-case")
    assert "X-Adobe-Digital-Signature-1" in names(request)
    assert [name for name in names(request) if name.islower()] == ["host", "content-length"]
