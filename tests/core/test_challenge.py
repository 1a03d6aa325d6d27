"""What is asked of a webhook, and which answer proves it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import challenge
from flowsim.core.outcome import NETWORK, TIMEOUT, Outcome

from ..cases import for_each

VALUE = "8ec8d794-e0ab-42df-9017-e3dada8e84f7"


@for_each(
    ("webhook", "asked"),
    [
        ("http://localhost:3000", f"http://localhost:3000?challenge={VALUE}"),
        ("http://localhost/hook", f"http://localhost/hook?challenge={VALUE}"),
        ("http://localhost/hook?", f"http://localhost/hook?challenge={VALUE}"),
        ("http://localhost/hook??", f"http://localhost/hook??&challenge={VALUE}"),
        ("http://localhost/hook?a=1", f"http://localhost/hook?a=1&challenge={VALUE}"),
        ("http://localhost/hook?a=1&", f"http://localhost/hook?a=1&challenge={VALUE}"),
        ("http://localhost/?a=%2F", f"http://localhost/?a=%2F&challenge={VALUE}"),
        ("http://localhost/hook#top", f"http://localhost/hook?challenge={VALUE}"),
        ("http://localhost/?a=1#top", f"http://localhost/?a=1&challenge={VALUE}"),
    ],
)
def test_the_challenge_is_added_as_a_query_parameter(webhook: str, asked: str) -> None:
    assert challenge.challenge_url(webhook, VALUE) == asked


@given(st.from_regex(r"\Ahttp://localhost(/[!-~]*)?\Z"))
def test_any_address_keeps_its_own_query_beside_the_challenge(webhook: str) -> None:
    before, after = urlsplit(webhook), urlsplit(challenge.challenge_url(webhook, VALUE))
    assert parse_qs(after.query)["challenge"][-1] == VALUE
    assert after.query.startswith(before.query)
    assert (after.netloc, after.path, after.fragment) == (before.netloc, before.path, "")


@for_each(
    "body",
    [
        VALUE,
        f'"{VALUE}"',
        f"{VALUE}\n",
        f" \t\r\n{VALUE}\r\n",
        f' "{VALUE}"\n',
        json.dumps({"challenge": VALUE}),
        json.dumps({"challenge": VALUE, "more": 1}, indent=2) + "\n",
        json.dumps({"challenge": VALUE}).replace("8", r"\u0038"),
    ],
)
@for_each("code", [200, 201, 299])
def test_the_value_alone_in_a_successful_answer_is_an_echo(code: int, body: str) -> None:
    assert challenge.is_echoed(Outcome(code, 0.1, body.encode()), VALUE)


@for_each("kind", ["text/html", "application/json", "text/plain", ""])
def test_the_content_type_does_not_count(kind: str) -> None:
    outcome = Outcome(200, 0.1, VALUE.encode(), headers=[(b"content-type", kind.encode())])
    assert challenge.is_echoed(outcome, VALUE)


@for_each(
    "body",
    [
        f"<html><body>{VALUE}</body></html>",
        f"<pre>{VALUE}</pre>",
        f"{VALUE}<br>",
        f"challenge={VALUE}",
        f"{VALUE} {VALUE}",
        f"'{VALUE}'",
        f'"{VALUE}',
        f"\ufeff{VALUE}",
        f"{{'challenge': '{VALUE}'}}",
        json.dumps([VALUE]),
        json.dumps({"Challenge": VALUE}),
        json.dumps({"challenge": [VALUE]}),
        json.dumps({"data": {"challenge": VALUE}}),
        json.dumps({"challenge": VALUE}) + "<!-- served -->",
    ],
)
def test_a_challenge_inside_other_text_is_not_an_echo(body: str) -> None:
    outcome = Outcome(200, 0.1, body.encode())
    assert not challenge.is_echoed(outcome, VALUE)
    assert challenge.is_embedded(outcome, VALUE)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_only_white_space_or_quotes_may_surround_the_value(before: bytes, after: bytes) -> None:
    body = before + VALUE.encode() + after
    alone = body.strip() in (VALUE.encode(), f'"{VALUE}"'.encode())
    assert challenge.is_echoed(Outcome(200, 0.1, body), VALUE) is alone


@for_each("body", [b"[" * 60_000, b'{"challenge":' * 5_000, b"[1e999]", b"\xff"])
def test_a_body_that_cannot_be_read_is_no_echo(body: bytes) -> None:
    assert not challenge.is_echoed(Outcome(200, 0.1, body), VALUE)


@for_each(
    "outcome",
    [
        Outcome(200, 0.1, b""),
        Outcome(200, 0.1, b"OK"),
        Outcome(200, 0.1, VALUE.upper().encode()),
        Outcome(200, 0.1, VALUE[:-1].encode()),
        Outcome(302, 0.1, VALUE.encode()),
        Outcome(404, 0.1, f"Cannot GET /hook?challenge={VALUE}".encode()),
        Outcome(500, 0.1, VALUE.encode()),
        Outcome(TIMEOUT, 10.0, problem=VALUE),
        Outcome(NETWORK, 0.1, problem=VALUE),
    ],
)
def test_other_answers_are_not_an_echo(outcome: Outcome) -> None:
    assert not challenge.is_echoed(outcome, VALUE)
    assert not challenge.is_embedded(outcome, VALUE)


def test_the_post_holds_the_validation_url_and_nothing_else() -> None:
    url = challenge.validation_url("http://127.0.0.1:4010", "r1", "c1")
    assert url == "http://127.0.0.1:4010/csm/registrations/validate?id=r1&challenge=c1"
    assert challenge.validation_body(url) == f'{{"validationUrl":"{url}"}}'.encode()


def test_the_headers_are_those_of_the_capture_without_signatures() -> None:
    at = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    assert challenge.headers_of("r1", at, b"{}") == {
        "user-agent": "Adobe/1.0",
        "accept-encoding": "deflate,compress,identity",
        "content-type": "application/json; charset=utf-8",
        "x-adobe-event-id": "r1-probe-1768469400000",
        "x-adobe-event-code": "challenge",
        "x-adobe-provider": "adobe-io",
    }
    assert "content-type" not in challenge.headers_of("r1", at)


def test_a_failure_says_where_a_redirect_leads() -> None:
    moved = Outcome(301, 0.0, headers=[(b"location", b"/hook/")])
    assert challenge.failure(moved, Outcome(404, 0.0)) == (
        "the GET with the challenge got [301] a redirect to /hook/, which is not followed, "
        "the POST [404]"
    )
