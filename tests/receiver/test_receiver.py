"""The receiving stub: it verifies requests, and answers as its options say."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

import pytest
import requests
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flowsim.core import headers as core_headers
from flowsim.core.delivery import Delivery, attempt
from flowsim.core.event import Event, Notification
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.delivery.http_transport import HttpTransport
from flowsim.delivery.signers import Signer
from flowsim.installation import keys, settings
from flowsim.installation.key_sources import find_key
from flowsim.receiver.application import create
from flowsim.receiver.stub import KEPT_BYTES, ReceiverOptions, ReceivingStub
from flowsim.runtime.chance import Chance
from flowsim.story.opening import open_story
from flowsim.web.server import Server

from ..cases import for_each

OURS = "0123456789abcdef0123456789abcdef"
BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
CORRECT = json.dumps({"eventid": "e", "event": {}, "recipientclientid": OURS}).encode()
SIGNATURE_1, SIGNATURE_2 = "x-adobe-digital-signature-1", "x-adobe-digital-signature-2"


def signed(*payloads: Payload) -> list[SignedPayload]:
    """Sign as a replay does, with the keys of this installation."""

    async def sign() -> list[SignedPayload]:
        async with Signer(keys.load(settings.keys_folder()), len(payloads)) as signer:
            return [each async for each in signer.sign_all(iter(payloads))]

    return asyncio.run(sign())


@cache
def correct_headers(body: bytes, event_id: str, number: int) -> Mapping[str, str]:
    event = Event(event_id, BEGIN, "delivered", Notification("a_code", "event", {}))
    (done,) = signed(Payload(body, "application/json", (event,)))
    made = attempt(
        Delivery(1, done, BEGIN, "http://w/", "a_provider"), number, Chance.of(7, "a scenario")
    )
    return MappingProxyType(core_headers.of_attempt(made))


def headers_of(body: bytes, event_id: str = "e", number: int = 1) -> dict[str, str]:
    """Return the headers of a delivery of this body, signed by us."""
    return dict(correct_headers(body, event_id, number))


def client_of(options: ReceiverOptions | None = None) -> FlaskClient:
    return create(ReceivingStub(find_key(None), options or ReceiverOptions(OURS))).test_client()


def post(
    client: FlaskClient, body: bytes = CORRECT, headers: dict[str, str] | None = None
) -> TestResponse:
    return client.post("/hook", data=body, headers=headers_of(body) if headers is None else headers)


def reason(answer: TestResponse) -> str:
    content = answer.get_json()
    assert content["verified"] is False
    return str(content["reason"])


@pytest.fixture
def client() -> FlaskClient:
    """A receiver in process, for our client id."""
    return client_of()


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a receiver on a real socket."""
    with Server(
        create(ReceivingStub(find_key(None), ReceiverOptions(OURS))), "127.0.0.1", 0
    ) as running:
        yield f"http://127.0.0.1:{running.port}"


# The challenge.


@pytest.mark.parametrize("path", ["/", "/hook", "/a/deep/path", "/received/hook"])
@pytest.mark.parametrize("accept", [None, "*/*", "text/plain", "text/html,*/*;q=0.8"])
def test_a_challenge_is_echoed_as_plain_text(
    client: FlaskClient, path: str, accept: str | None
) -> None:
    answer = client.get(f"{path}?challenge=8ec8d794-e0ab", headers={"accept": accept or "*/*"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.data == b"8ec8d794-e0ab"


def test_a_challenge_is_echoed_as_json_where_only_that_is_wanted(client: FlaskClient) -> None:
    answer = client.get("/hook?challenge=8ec8d794-e0ab", headers={"accept": "application/json"})
    assert answer.get_json() == {"challenge": "8ec8d794-e0ab"}


def test_a_challenge_is_never_echoed_as_html(client: FlaskClient) -> None:
    answer = client.get("/?challenge=<script>alert(1)</script>", headers={"accept": "text/html"})
    assert answer.mimetype == "text/plain"


def test_a_get_without_a_challenge_describes_the_receiver(client: FlaskClient) -> None:
    answer = client.get("/hook")
    assert answer.status_code == 200
    assert "POST notifications here" in answer.text


def test_a_validation_url_is_accepted_and_shown_but_not_verified(client: FlaskClient) -> None:
    """It is not signed (3.2); a reader of the list may open it."""
    url = "https://csm.adobe.io/csm/registrations/validate?id=a&challenge=b"
    answer = post(client, json.dumps({"validationUrl": url}).encode(), {})
    assert answer.status_code == 200
    assert reason(answer) == f"unsigned, a validation URL: {url!r}"
    assert client.get("/received").get_json()[0]["verified"] is False


@pytest.mark.parametrize(
    "content",
    [
        {"validationUrl": "https://csm.adobe.io/", "event": {}},
        [{"validationUrl": "https://csm.adobe.io/"}],
        {"validationurl": "https://csm.adobe.io/"},
    ],
)
def test_an_unsigned_event_with_a_validation_url_is_refused(
    client: FlaskClient, content: object
) -> None:
    assert post(client, json.dumps(content).encode(), {}).status_code == 401


def test_any_text_as_validation_url_is_shown_short_and_printable(
    client: FlaskClient,
) -> None:
    body = json.dumps({"validationUrl": "\n\x1b[2J" + "x" * 10_000}).encode()
    shown = reason(post(client, body, {}))
    assert len(shown) < 400
    assert shown.isprintable()


# Judging.


@pytest.mark.parametrize(
    "scenario", ["success", "failure-copy", "batch", "cloudevents", "deprecated-names-removed"]
)
def test_a_delivery_of_a_replay_is_verified(client: FlaskClient, scenario: str) -> None:
    story = open_story(scenario)
    for number, each in enumerate(signed(*story.payloads()), 1):
        made = attempt(
            Delivery(number, each, BEGIN, "http://w/", "platform_notifications"),
            1,
            story.chance,
        )
        answer = post(client, each.payload.body, core_headers.of_attempt(made))
        assert (answer.status_code, answer.get_json()) == (200, {"verified": True})


@pytest.mark.parametrize(
    "tampered",
    [
        CORRECT + b" ",
        CORRECT.replace(b'"e"', b'"f"'),
        CORRECT.replace(b": ", b":"),
        b"[%b]" % CORRECT,
    ],
)
def test_a_body_that_was_changed_is_401(client: FlaskClient, tampered: bytes) -> None:
    """Also where it says the same in other bytes: what is signed is the bytes."""
    answer = post(client, tampered, headers_of(CORRECT))
    assert answer.status_code == 401
    assert reason(answer) == f"{SIGNATURE_1}: does not fit the body"


@pytest.mark.parametrize("number", [1, 2])
def test_one_good_signature_is_enough(client: FlaskClient, number: int) -> None:
    headers = headers_of(CORRECT)
    other = {1: SIGNATURE_2, 2: SIGNATURE_1}[number]
    assert post(client, headers={**headers, other: "AAAA"}).status_code == 200
    del headers[other]
    assert post(client, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing"),
        ("AAAA", "does not fit the body"),
        ("sha256=00ff", "not standard base64"),
        ("A", "not standard base64"),
        ("-_" * 171 + "==", "not standard base64"),
        ("é" * 344, "not standard base64"),
    ],
)
def test_a_bad_signature_is_401_and_its_header_is_named(
    client: FlaskClient, text: str, why: str
) -> None:
    headers = {**headers_of(CORRECT), SIGNATURE_1: text, SIGNATURE_2: text}
    answer = post(client, headers=headers)
    assert answer.status_code == 401
    assert reason(answer) == f"{SIGNATURE_1}: {why}"


def test_a_signature_is_compared_with_its_case(client: FlaskClient) -> None:
    headers = headers_of(CORRECT)
    swapped = {name: headers[name].swapcase() for name in (SIGNATURE_1, SIGNATURE_2)}
    assert post(client, headers=headers | swapped).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "",
        "é",
        "//evil.example/k.pem",
        ".evil.example/k.pem",
        "https://evil.example/prod/keys/pub-key-0000000000.pem",
        "/prod/keys/../signing-1.pem",
        "/prod/keys/pub-key-0000000000.pem",
        "/prod/keys/pub-key-0000000000.pem?x",
    ],
)
def test_a_key_path_that_was_forged_is_401(client: FlaskClient, path: str) -> None:
    forged = {f"x-adobe-public-key{number}-path": path for number in (1, 2)}
    answer = post(client, headers=headers_of(CORRECT) | forged)
    assert answer.status_code == 401
    assert reason(answer).startswith("x-adobe-public-key1-path: ")


def test_headers_are_found_in_any_case(client: FlaskClient) -> None:
    shouting = {name.upper(): value for name, value in headers_of(CORRECT).items()}
    assert post(client, headers=shouting).status_code == 200


def test_a_delivery_for_another_recipient_is_401(client: FlaskClient) -> None:
    body = CORRECT.replace(OURS.encode(), b"another")
    answer = post(client, body)
    assert answer.status_code == 401
    assert reason(answer) == f"the recipient is 'another', not '{OURS}'"


@pytest.mark.parametrize("name", ["recipientclientid", "recipient_client_id"])
def test_of_two_recipients_the_foreign_one_is_reported(client: FlaskClient, name: str) -> None:
    body = {"recipientclientid": OURS, "recipient_client_id": OURS, name: "another"}
    answer = post(client, json.dumps(body).encode())
    assert answer.status_code == 401
    assert reason(answer) == f"the recipient is 'another', not '{OURS}'"


def test_one_foreign_event_makes_a_batch_401(client: FlaskClient) -> None:
    batch = [{"recipientclientid": OURS}, {"recipientclientid": "another"}]
    assert post(client, json.dumps(batch).encode()).status_code == 401


def test_an_empty_batch_has_no_recipient_and_is_accepted(client: FlaskClient) -> None:
    assert post(client, b"[]").status_code == 200


def test_without_a_client_id_any_recipient_will_do() -> None:
    assert post(client_of(ReceiverOptions())).status_code == 200
    assert (
        post(client_of(ReceiverOptions()), CORRECT.replace(OURS.encode(), b"another")).status_code
        == 200
    )


@for_each("body", [b"{}", b'{"event":{}}', b"null", b'"text"', b"[[]]", b'[{"messages":[]}]', b"1"])
def test_a_body_without_a_recipient_is_401_unless_that_is_allowed(body: bytes) -> None:
    answer = post(client_of(), body)
    assert answer.status_code == 401
    assert reason(answer) == "no recipient client id in the body"
    assert post(client_of(ReceiverOptions(OURS, recipient_required=False)), body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1} x',
        b"a=1&b=2",
        b'{"recipientclientid":NaN}',
        b"[Infinity]",
        b"-Infinity",
        b"\xff\xfe{}",
        b'{"a":"\xe9"}',
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 10_000 + b"]" * 10_000,
        b"1" * 10_000,
        b"<html></html>",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_not_json_is_400_with_a_reason(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert reason(answer).startswith("the body is not JSON in UTF-8: ")
    assert len(reason(answer)) < 200


@pytest.mark.parametrize("depth", range(50, 1_050, 50))
def test_any_depth_of_nesting_is_answered(client: FlaskClient, depth: int) -> None:
    """Not for reading it, nor for saying whom it is for."""
    nested = b"[" * depth + b"]" * depth
    assert post(client, b'{"recipientclientid":%b}' % nested).status_code in (400, 401)
    assert post(client, nested).status_code in (400, 401)


# Limits.


def test_a_body_of_5_mb_is_413_with_a_reason(client: FlaskClient) -> None:
    answer = post(client, b"[" + b" " * 5_000_000 + b"]", {})
    assert answer.status_code == 413
    assert reason(answer)


def test_a_batch_of_2_mb_is_accepted(client: FlaskClient) -> None:
    body = json.dumps({"recipientclientid": OURS, "event": "a" * 2_000_000}).encode()
    assert post(client, body).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_after_a_body_of_5_mb_the_next_request_is_answered(server: str, chunked: bool) -> None:
    """A stated length is refused at once, an unstated one at the limit."""
    large = b"a" * 5_000_000
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{server}/hook", data=iter([large]) if chunked else large)
        assert answer.status_code == 413
        following = session.post(f"{server}/hook", data=CORRECT, headers=headers_of(CORRECT))
        assert following.status_code == 200


def test_a_chunked_body_is_verified_like_any_other(server: str) -> None:
    headers = headers_of(CORRECT)
    with requests.Session() as session:
        session.trust_env = False
        parts = iter([CORRECT[:10], CORRECT[10:]])
        assert session.post(f"{server}/hook", data=parts, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_another_method_is_405_with_a_reason(client: FlaskClient, method: str) -> None:
    answer = client.open("/hook", method=method)
    assert answer.status_code == 405
    assert reason(answer)


@pytest.mark.parametrize("path", ["/", "/received", "/a//b", "/a/", "/%2e%2e/%00/%ff"])
def test_every_path_accepts_deliveries(server: str, path: str) -> None:
    """None is redirected to a tidier one: that would lose the event."""
    raw = request_bytes(CORRECT, len(CORRECT)).replace(b"/hook", path.encode())
    with socket.create_connection(address_of(server)) as wire, wire.makefile("rb") as answer:
        wire.sendall(raw)
        assert answer.readline() == b"HTTP/1.1 200 OK\r\n"


# Responses of its options.


def test_each_event_goes_through_the_answers_by_itself() -> None:
    client = client_of(ReceiverOptions(OURS, codes=(503, 429, 200)))
    walks = {"a": headers_of(CORRECT, "a"), "b": headers_of(CORRECT, "b")}
    answered = [(name, post(client, headers=walks[name]).status_code) for name in "aabaabbbb"]
    assert [code for name, code in answered if name == "a"] == [503, 429, 200, 200]
    assert [code for name, code in answered if name == "b"] == [503, 429, 200, 200, 200]


def test_a_configured_answer_still_shows_whether_a_delivery_was_correct() -> None:
    answer = post(client_of(ReceiverOptions(OURS, codes=(503,))))
    assert (answer.status_code, answer.get_json()) == (503, {"verified": True})


@for_each("code", [200, 202, 204, 205, 301, 304, 400, 500])
def test_any_answer_leaves_the_connection_usable(code: int) -> None:
    app = create(ReceivingStub(find_key(None), ReceiverOptions(OURS, codes=(code, 200))))
    headers = headers_of(CORRECT)

    async def deliver(url: str) -> list[int]:
        async with HttpTransport(timeout=20.0, connections=1) as transport:
            return [(await transport.send(url, headers, CORRECT)).status_code for _ in range(2)]

    with Server(app, "127.0.0.1", 0) as running:
        assert asyncio.run(deliver(f"http://127.0.0.1:{running.port}/")) == [code, 200]


def test_a_delay_comes_before_the_answer_and_after_the_report() -> None:
    order: list[str] = []
    options = ReceiverOptions(
        OURS,
        delay=lambda: order.append("delay"),
        on_received=lambda each: order.append(f"received {each.answered}"),
    )
    post(client_of(options))
    assert order == ["received 200", "delay"]


# What came.


def test_requests_are_listed_in_order_with_their_exact_text(client: FlaskClient) -> None:
    headers = headers_of(CORRECT, "an-event", number=3)
    post(client, headers=headers)
    post(client, b'{"tampered":"\xc3\xa9"}', headers)
    first, second = client.get("/received").get_json()
    assert first["body"].encode() == CORRECT
    assert first["headers"].items() >= headers.items()
    assert {name: first[name] for name in first if name not in ("headers", "body")} == {
        "event_id": "an-event",
        "event_code": "a_code",
        "delivery_id": headers["x-adobe-delivery-id"],
        "retry_count": 2,
        "status_code": 200,
        "silence": None,
        "verified": True,
        "reason": "",
        "path": "/hook",
    }
    assert (second["status_code"], second["verified"]) == (401, False)
    assert second["reason"] == "no recipient client id in the body"
    assert second["body"] == '{"tampered":"é"}'


def test_delete_forgets_requests_and_their_counts() -> None:
    client = client_of(ReceiverOptions(OURS, codes=(503, 200)))
    assert [post(client).status_code for _ in range(2)] == [503, 200]
    assert client.delete("/received").status_code == 204
    assert client.get("/received").get_json() == []
    assert post(client).status_code == 503


def test_only_the_latest_requests_are_kept() -> None:
    client = client_of(ReceiverOptions(OURS, keep=2))
    for event_id in "abc":
        post(client, headers=headers_of(CORRECT, event_id))
    assert [each["event_id"] for each in client.get("/received").get_json()] == ["b", "c"]


def test_the_latest_large_bodies_are_kept_up_to_a_limit() -> None:
    """A webhook that is left running for days needs no more memory for them."""
    receiver = ReceivingStub(find_key(None), ReceiverOptions(OURS))
    size = KEPT_BYTES // 8
    for number in range(20):
        receiver.receive("/", {"x-adobe-event-id": str(number)}, b"%d" % number * (size // 2))
    kept = [each.headers["x-adobe-event-id"] for each in receiver.received]
    assert kept == ["12", "13", "14", "15", "16", "17", "18", "19"]
    receiver.clear()
    receiver.receive("/", {}, b"a" * KEPT_BYTES)
    assert len(receiver.received) == 1


@pytest.mark.parametrize("count", ["", "x", "-1", "1.5", "²", "9" * 5_000, "é"])
def test_a_retry_count_that_is_no_number_is_answered(client: FlaskClient, count: str) -> None:
    headers = headers_of(CORRECT) | {"x-adobe-retry-count": count}
    assert post(client, headers=headers).status_code == 200
    assert client.get("/received").status_code == 200


# Anything at all.

HEADER_NAMES = st.sampled_from(
    [
        SIGNATURE_1,
        SIGNATURE_2,
        "x-adobe-public-key1-path",
        "x-adobe-public-key2-path",
        "x-adobe-event-id",
        "x-adobe-event-code",
        "x-adobe-delivery-id",
        "x-adobe-retry-count",
        "content-type",
        "content-encoding",
        "transfer-encoding",
        "accept",
        "expect",
        "host",
    ]
)
HEADER_VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=50)
MEMBERS = st.sampled_from(["recipientclientid", "recipient_client_id", "event"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just(OURS),
    lambda inner: st.lists(inner) | st.dictionaries(MEMBERS, inner),
)
BODIES = st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()) | st.just(CORRECT)


@pytest.fixture(scope="module")
def lasting_client() -> FlaskClient:
    """One receiver for all examples of a property."""
    return client_of(ReceiverOptions(OURS, keep=1))


@given(BODIES, st.dictionaries(HEADER_NAMES, HEADER_VALUES), st.booleans())
@example(CORRECT, {SIGNATURE_1: "é", SIGNATURE_2: "é"}, True)
@example(CORRECT, {"x-adobe-retry-count": "x"}, True)
@example(b'{"recipientclientid":"\\ud800"}', {}, True)
def test_any_request_is_answered_with_2xx_or_4xx_and_listed(
    lasting_client: FlaskClient,
    body: bytes,
    wild: dict[str, str],
    is_based_on_correct: bool,
) -> None:
    headers = (headers_of(CORRECT) if is_based_on_correct else {}) | wild
    answer = lasting_client.post("/hook", data=body, headers=headers)
    assert answer.status_code // 100 in (2, 4)
    assert answer.get_json()["verified"] is (answer.status_code == 200)
    listed = lasting_client.get("/received")
    assert listed.status_code == 200


@given(st.text())
def test_any_challenge_is_echoed(lasting_client: FlaskClient, challenge: str) -> None:
    answer = lasting_client.get("/hook", query_string={"challenge": challenge})
    assert answer.status_code == 200
    assert answer.data == challenge.encode()


# Clients that go away.


def request_bytes(body: bytes, length: int) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers_of(body).items())
    return (
        f"POST /hook HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n{head}\r\n".encode()
        + body
    )


def address_of(url: str) -> tuple[str, int]:
    return "127.0.0.1", int(url.rpartition(":")[2])


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"POST /hook HT",
        b"POST /hook HTTP/1.1\r\nhost: localhost\r\ncontent-le",
        b"POST /hook HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{",
        b"POST /hook HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_clients_that_hang_up_leave_threads_to_others(server: str, beginning: bytes) -> None:
    """More of them than there are threads to serve them."""
    for _ in range(40):
        with socket.create_connection(address_of(server)) as wire:
            wire.sendall(beginning)
    with requests.Session() as session:
        session.trust_env = False
        following = session.post(f"{server}/hook", data=CORRECT, headers=headers_of(CORRECT))
        assert following.status_code == 200


def test_a_client_that_does_not_wait_for_the_answer_disturbs_nothing() -> None:
    """As one does that gives up after 10 seconds: the delivery came all the same."""
    gone = threading.Event()
    options = ReceiverOptions(OURS, delay=lambda: gone.wait(20) and None)
    receiver = ReceivingStub(find_key(None), options)
    with Server(create(receiver), "127.0.0.1", 0) as running:
        with socket.create_connection(("127.0.0.1", running.port)) as wire:
            wire.sendall(request_bytes(CORRECT, len(CORRECT)))
        gone.set()
        with requests.Session() as session:
            session.trust_env = False
            url = f"http://127.0.0.1:{running.port}/"
            assert session.post(url, data=CORRECT, headers=headers_of(CORRECT)).status_code == 200
    assert [each.reception.verified for each in receiver.received] == [True, True]
