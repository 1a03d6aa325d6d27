"""HTTP as the delivery side speaks it, against real sockets and on both event loops."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import select
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httptools
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from flowsim.core.delivery import Delivery, attempt
from flowsim.core.event import Event, Notification
from flowsim.core.headers import of_attempt
from flowsim.core.outcome import LABELS, NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome, answer_words
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.delivery import looks
from flowsim.delivery.http_answer import KEPT_BODY, READ_BODY
from flowsim.delivery.http_connecting import Resolve, Tls
from flowsim.delivery.http_transport import HttpTransport
from flowsim.delivery.transport import CODES, code_of
from flowsim.runtime.chance import Chance

from ..cases import for_each
from ..webhook import Answer, Request, Webhook, status

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
HEADERS = {"user-agent": "Adobe/1.0", "content-type": "application/json; charset=utf-8"}
BODY = '{"eventid":"é"}'.encode()
PATIENT, IMPATIENT = 60.0, 0.3
HURRIED = 1.0
"""Enough for what must come in time on a busy machine, before what does not."""

Run = Callable[[Coroutine[Any, Any, list[Outcome]]], list[Outcome]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run a coroutine on the loop of the standard library, and on the one that replays use."""
    factory = asyncio.new_event_loop
    if request.param == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        yield runner.run


async def send(
    url: str,
    times: int = 1,
    *,
    timeout: float = PATIENT,  # noqa: ASYNC109 - the transport's own
    tls: Tls = True,
    body: bytes = BODY,
    resolve: Resolve | None = None,
) -> list[Outcome]:
    """Send one request after the other over one transport."""
    async with HttpTransport(timeout=timeout, connections=4, tls=tls, resolve=resolve) as transport:
        return [await transport.send(url, HEADERS, body) for _ in range(times)]


def raw(answer: bytes) -> Answer:
    """Answer with these bytes and hang up."""

    def give(_: Request) -> Iterator[bytes]:
        yield answer
        raise ConnectionError("the webhook hangs up")

    return give


def hang_up(_: Request) -> Iterator[bytes]:
    return iter(())


def drip(head: bytes, part: bytes, pause: float = 0.01) -> Answer:
    """Answer with a head, then a part again and again until the client has had enough."""

    def give(_: Request) -> Iterator[bytes]:
        yield head
        while True:
            threading.Event().wait(pause)
            yield part

    return give


@contextlib.asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    """Run a server that talks as given to each client; yield its port."""
    talks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(OSError, EOFError):
            await talk(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*talks)


# What is on the wire.


@pytest.mark.parametrize("number", [1, 2])
def test_the_headers_on_the_wire_are_exactly_those_of_the_captures(
    webhook: Webhook, number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Protocol 1.2, in lower case; a password for the host in ~/.netrc adds nothing."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    event = Event("an-event-id", BEGIN, "delivered", Notification("a_code", "event", {}))
    payload = Payload(BODY, "application/json; charset=utf-8", (event,))
    signed = SignedPayload(payload, ("one=", "two="), ("/prod/keys/1.pem", "/prod/keys/2.pem"))
    made = attempt(
        Delivery(1, signed, BEGIN, "http://w/", "a_provider"), number, Chance.of(7, "a scenario")
    )

    async def deliver() -> None:
        async with HttpTransport(timeout=PATIENT, connections=1) as transport:
            await transport.send(webhook.url, of_attempt(made), BODY)

    asyncio.run(deliver())
    (request,) = webhook.requests
    assert request.line == "POST /hook HTTP/1.1"
    assert request.body == BODY
    assert len(request.header_lines) == len(request.headers)
    assert request.headers == {
        "host": f"127.0.0.1:{webhook.port}",
        "content-length": str(len(BODY)),
        "user-agent": "Adobe/1.0",
        "accept-encoding": "deflate,compress,identity",
        "content-type": "application/json; charset=utf-8",
        "x-adobe-delivery-id": made.delivery_id,
        "x-adobe-event-id": "an-event-id",
        "x-adobe-event-code": "a_code",
        "x-adobe-provider": "a_provider",
        "x-adobe-digital-signature-1": "one=",
        "x-adobe-digital-signature-2": "two=",
        "x-adobe-public-key1-path": "/prod/keys/1.pem",
        "x-adobe-public-key2-path": "/prod/keys/2.pem",
    } | ({"x-adobe-retry-count": "1"} if number == 2 else {})


@pytest.mark.parametrize(
    "path",
    ["/hook?x=%2F&y=a%20b", "/a/../b/./c//d", "/%7Eme/%e2%82%ac?a[]={1}&b=%zz&c=+'", "?x=1"],
)
def test_the_url_is_sent_as_it_was_given(run: Run, webhook: Webhook, path: str) -> None:
    run(send(f"http://127.0.0.1:{webhook.port}{path}"))
    wanted = path if path.startswith("/") else f"/{path}"
    assert webhook.requests[0].line == f"POST {wanted} HTTP/1.1"


def test_a_part_behind_a_hash_is_not_sent(run: Run, webhook: Webhook) -> None:
    run(send(f"{webhook.url}#part"))
    assert webhook.requests[0].line == "POST /hook HTTP/1.1"


def test_a_large_body_arrives_whole(run: Run, webhook: Webhook) -> None:
    body = bytes(range(256)) * 8192
    assert run(send(webhook.url, body=body))[0].status_code == 200
    assert webhook.requests[0].body == body


def test_a_connection_is_used_again(run: Run, webhook: Webhook) -> None:
    assert [each.status_code for each in run(send(webhook.url, 5))] == [200] * 5
    assert {request.connection for request in webhook.requests} == {1}


def test_no_cookie_is_sent_back(run: Run, webhook: Webhook) -> None:
    webhook.answers = [status(200, set_cookie="session=1; Path=/")]
    run(send(f"http://localhost:{webhook.port}/hook", 2))
    assert [sorted(request.headers) for request in webhook.requests] == [
        ["content-length", "content-type", "host", "user-agent"]
    ] * 2


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_no_proxy_is_taken_from_the_environment(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Webhook() as proxy:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert asyncio.run(send(webhook.url))[0].status_code == 200
    assert (len(webhook.requests), len(proxy.requests)) == (1, 0)


# Where to.


async def at_home(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_look_up_of_ones_own_says_where_to_connect(run: Run, webhook: Webhook) -> None:
    """The request names the host all the same, and a second one uses the connection again."""
    url = f"http://webhook.example:{webhook.port}/hook"
    assert [each.status_code for each in run(send(url, 2, resolve=at_home))] == [200, 200]
    assert webhook.requests[0].headers["host"] == f"webhook.example:{webhook.port}"
    assert {request.connection for request in webhook.requests} == {1}


def test_the_next_address_is_tried_if_one_does_not_answer(run: Run, webhook: Webhook) -> None:
    async def resolve(_: str, __: int) -> list[str]:
        return ["127.0.0.2", "::1", "127.0.0.1"]

    url = f"http://webhook.example:{webhook.port}/hook"
    assert run(send(url, resolve=resolve))[0].status_code == 200


@pytest.mark.parametrize(
    "host", ["webhook.example", "127.0.0.1", "localhost", "127.1", "2130706433", "127.0.0.1."]
)
def test_an_address_that_is_refused_is_602_and_nothing_is_sent(
    run: Run, webhook: Webhook, host: str
) -> None:
    """A host that is an address already is no way around."""

    async def refuse(host: str, port: int) -> list[str]:
        raise OSError(f"{host}:{port} is not allowed")

    (outcome,) = run(send(f"http://{host}:{webhook.port}/hook", resolve=refuse))
    assert outcome.status_code == NETWORK
    assert outcome.problem == f"{host}:{webhook.port} is not allowed"
    assert webhook.requests == []


def test_the_limit_spans_a_look_up_too(run: Run) -> None:
    async def dawdle(_: str, __: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    for host in ("webhook.example", "127.0.0.1"):
        (outcome,) = run(send(f"http://{host}/", timeout=IMPATIENT, resolve=dawdle))
        assert outcome.status_code == TIMEOUT


def test_a_host_without_an_address_is_602(run: Run) -> None:
    async def resolve(_: str, __: int) -> list[str]:
        return []

    (outcome,) = run(send("http://webhook.example/", resolve=resolve))
    assert outcome.status_code == NETWORK
    assert outcome.problem == "webhook.example has no address"


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http:///hook", "http://[::1/", "hook"])
def test_an_address_that_is_not_http_is_601(run: Run, url: str) -> None:
    (outcome,) = run(send(url))
    assert outcome.status_code == UNEXPECTED
    assert outcome.problem


def test_a_line_break_in_a_header_is_601_and_nothing_is_sent(webhook: Webhook) -> None:
    async def deliver() -> Outcome:
        async with HttpTransport(timeout=PATIENT, connections=1) as transport:
            return await transport.send(webhook.url, {"x-mine": "a\r\nx-other: b"}, BODY)

    assert asyncio.run(deliver()).status_code == UNEXPECTED
    assert webhook.requests == []


# Connections.


def test_an_idle_connection_that_the_webhook_closed_is_not_used(run: Run) -> None:
    """Nothing is sent twice for it: the next request goes over a new one."""
    taken: list[bytes] = []

    async def deliver() -> list[Outcome]:
        closed = asyncio.Event()

        async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.append(await reader.readuntil(BODY))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            closed.set()

        async with (
            listening(answer_once) as port,
            HttpTransport(timeout=PATIENT, connections=4) as transport,
        ):
            outcomes = []
            for _ in range(3):
                outcomes.append(
                    await transport.send(f"http://127.0.0.1:{port}/hook", HEADERS, BODY)
                )
                await closed.wait()
                for _ in range(20):
                    await asyncio.sleep(0)
                closed.clear()
            return outcomes

    assert [each.status_code for each in run(deliver())] == [200] * 3
    assert len(taken) == 3


def test_a_request_on_a_closing_connection_is_not_sent_again(run: Run, webhook: Webhook) -> None:
    """The webhook may have processed it, so there is no second try: the outcome is 602."""
    webhook.answers = [status(200), hang_up, status(200)]
    codes = [each.status_code for each in run(send(webhook.url, 3))]
    assert codes == [200, NETWORK, 200]
    assert [request.connection for request in webhook.requests] == [1, 1, 2]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
    ],
    ids=["more than was announced", "HTTP/1.0", "connection: close"],
)
def test_a_connection_that_must_not_be_reused_is_closed(
    run: Run, webhook: Webhook, answer: bytes
) -> None:
    webhook.answers = [lambda _: iter([answer])]
    assert [(each.status_code, each.body) for each in run(send(webhook.url, 2))] == [
        (200, b"ok")
    ] * 2
    assert [request.connection for request in webhook.requests] == [1, 2]


def test_two_addresses_share_no_connection_and_keep_their_own(run: Run, webhook: Webhook) -> None:
    async def deliver(other: str) -> list[Outcome]:
        async with HttpTransport(timeout=PATIENT, connections=4) as transport:
            urls = [webhook.url, other] * 3
            return [await transport.send(url, HEADERS, BODY) for url in urls]

    with Webhook() as second:
        assert {each.status_code for each in run(deliver(second.url))} == {200}
        for each in (webhook, second):
            assert [request.connection for request in each.requests] == [1] * 3


def test_the_limit_of_connections_holds_for_all_webhooks_together(run: Run) -> None:
    open_ones, most = 0, 0

    async def deliver() -> list[Outcome]:
        async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal open_ones, most
            open_ones += 1
            most = max(most, open_ones)
            while await reader.read(65_536):
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            open_ones -= 1

        async with contextlib.AsyncExitStack() as stack:
            ports = [await stack.enter_async_context(listening(count)) for _ in range(6)]
            transport = HttpTransport(timeout=PATIENT, connections=2)
            await stack.enter_async_context(transport)
            sends = [
                transport.send(f"http://127.0.0.1:{port}/", HEADERS, BODY) for port in ports * 5
            ]
            return await asyncio.gather(*sends)

    assert {each.status_code for each in run(deliver())} == {200}
    assert most <= 3  # one may be closed here and not yet there


def test_waiting_for_a_free_connection_is_not_counted_as_elapsed(
    run: Run, webhook: Webhook
) -> None:
    """The second one waits until the first is given up, and then gets its answer in no time."""
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def deliver() -> list[Outcome]:
            async with HttpTransport(timeout=HURRIED, connections=1) as transport:
                urls = [f"http://127.0.0.1:{silent.getsockname()[1]}/", webhook.url]
                return await asyncio.gather(*(transport.send(url, {}, b"{}") for url in urls))

        assert [each.status_code for each in run(deliver())] == [TIMEOUT, 200]


# What comes back as an answer.


@pytest.mark.parametrize("code", [200, 201, 202, 204, 304, 400, 401, 404, 429, 500, 503, 505, 599])
def test_an_answer_is_the_outcome(run: Run, webhook: Webhook, code: int) -> None:
    webhook.answers = [status(code, "" if code in (204, 304) else "why")]
    (outcome,) = run(send(webhook.url))
    assert outcome.status_code == code
    assert outcome.problem == ""
    assert outcome.body in (b"", b"why")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(run: Run, webhook: Webhook, code: int) -> None:
    webhook.answers = [status(code, location="/elsewhere"), status(200)]
    assert run(send(webhook.url))[0].status_code == code
    assert len(webhook.requests) == 1


def test_a_webhook_may_answer_before_it_has_taken_the_body(run: Run) -> None:
    """It refuses a large batch by its length, as servers with a limit do."""

    async def deliver() -> list[Outcome]:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
            await reader.read()

        async with listening(refuse) as port:
            return await send(f"http://127.0.0.1:{port}/hook", 2, body=b"a" * 30_000_000)

    assert [each.status_code for each in run(deliver())] == [413, 413]


def test_an_interim_answer_is_not_the_outcome(run: Run, webhook: Webhook) -> None:
    webhook.answers = [raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n\r\n")]
    assert run(send(webhook.url))[0].status_code == 503


def test_an_http_1_0_answer_without_length_ends_with_its_connection(
    run: Run, webhook: Webhook
) -> None:
    webhook.answers = [raw(b"HTTP/1.0 200 OK\r\n\r\nall of it")]
    assert run(send(webhook.url))[0].body == b"all of it"


def encoded(body: bytes, encoding: str) -> Answer:
    head = f"HTTP/1.1 400 No\r\nContent-Encoding: {encoding}\r\ncontent-length: {len(body)}\r\n\r\n"
    return lambda _: iter([head.encode() + body])


def test_a_deflated_answer_is_decoded(run: Run, webhook: Webhook) -> None:
    """Deliveries announce that they read it; the next answer on the connection is plain."""
    webhook.answers = [encoded(zlib.compress(b"why"), "deflate"), status(400, "plain")]
    first, second = run(send(webhook.url, 2))
    assert (first.status_code, first.body, first.unread) == (400, b"why", "")
    assert (second.body, second.unread) == (b"plain", "")
    assert {request.connection for request in webhook.requests} == {1}


@pytest.mark.slow
def test_of_a_long_deflated_answer_the_beginning_is_kept(run: Run, webhook: Webhook) -> None:
    webhook.answers = [encoded(zlib.compress(bytes(100_000_000)), "deflate")]
    assert run(send(webhook.url))[0].body == bytes(KEPT_BODY)


def test_an_encoding_that_is_not_read_is_named(run: Run, webhook: Webhook) -> None:
    webhook.answers = [encoded(b"\x0b", "br")]
    (outcome,) = run(send(webhook.url))
    assert (outcome.status_code, outcome.body) == (400, b"\x0b")
    assert answer_words(outcome) == "its answer is encoded as 'br', which flowsim does not read"


def test_an_encoding_that_was_not_announced_is_read(run: Run, webhook: Webhook) -> None:
    webhook.answers = [status(200, "no gzip at all", content_encoding="gzip")]
    (outcome,) = run(send(webhook.url))
    assert (outcome.status_code, outcome.body) == (200, b"no gzip at all")
    assert (
        answer_words(outcome) == "its answer is said to be encoded as 'gzip', but cannot be decoded"
    )


def test_of_a_long_answer_the_beginning_is_kept(run: Run, webhook: Webhook) -> None:
    text = "0123456789" * (READ_BODY // 20)
    webhook.answers = [status(200, text)]
    first, second = run(send(webhook.url, 2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.body == text.encode()[:KEPT_BODY]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    ],
)
def test_an_endless_answer_is_read_to_a_bound_and_its_connection_closed(
    run: Run, webhook: Webhook, head: bytes
) -> None:
    part = b"a" * 65_536
    part = b"10000\r\n%b\r\n" % part if b"chunked" in head else part
    webhook.answers = [drip(head, part, 0.0), status(200)]
    endless, after = run(send(webhook.url, 2))
    assert (endless.status_code, after.status_code) == (200, 200)
    assert endless.body == b"a" * KEPT_BODY
    assert [request.connection for request in webhook.requests] == [1, 2]


# What is no answer.


def test_a_refused_connection_is_602(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (outcome,) = run(send(f"http://127.0.0.1:{port}/hook"))
    assert outcome.status_code == NETWORK == 602
    assert "Connect call failed" in outcome.problem or "refused" in outcome.problem.lower()


@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "a..b", "[::1%25nolink]", "[v1.a]"])
def test_a_host_that_cannot_be_looked_up_is_no_exception(run: Run, host: str) -> None:
    (outcome,) = run(send(f"http://{host}/hook"))
    assert outcome.status_code in (UNEXPECTED, NETWORK)
    assert outcome.problem


@pytest.fixture
def brief_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for a webhook that does not answer when it is looked at again."""
    monkeypatch.setattr(looks, "SECONDS", 0.1)


@pytest.mark.usefixtures("brief_looks")
def test_a_webhook_that_hangs_up_is_602(run: Run, webhook: Webhook) -> None:
    webhook.answers = [hang_up]
    (outcome,) = run(send(webhook.url))
    assert outcome.status_code == NETWORK
    assert outcome.problem


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nnot a hundred",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
    ],
)
def test_an_answer_that_breaks_off_is_602(run: Run, webhook: Webhook, answer: bytes) -> None:
    webhook.answers = [raw(answer)]
    assert run(send(webhook.url))[0].status_code == NETWORK


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example.com ESMTP\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x-long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"\x00\xff\x15\x03\x03\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_http_is_601(run: Run, webhook: Webhook, answer: bytes) -> None:
    webhook.answers = [raw(answer)]
    (outcome,) = run(send(webhook.url))
    assert outcome.status_code == UNEXPECTED == 601
    assert outcome.problem
    assert len(outcome.problem) <= 200
    assert "\n" not in outcome.problem


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"HTTP/1.1 200 O", b"K"),
        (b"HTTP/1.1 200 OK\r\nx-slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b"."),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"."),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status line", "header", "body with a length", "body without", "interim answers"],
)
def test_a_webhook_that_answers_byte_by_byte_is_604_at_the_limit(
    run: Run, webhook: Webhook, head: bytes, part: bytes
) -> None:
    """Every byte comes in time, the answer as a whole does not."""
    webhook.answers = [drip(head, part)]
    (outcome,) = run(send(webhook.url, timeout=HURRIED / 2))
    assert outcome.status_code == TIMEOUT == 604
    assert re.fullmatch(r"no complete answer within 500ms: [\d,]+ bytes came", outcome.problem)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("body", [b"{}", b"a" * 30_000_000], ids=["small", "large"])
def test_a_webhook_that_accepts_and_never_answers_is_604(
    run: Run, scheme: str, body: bytes
) -> None:
    """The wait may be for the answer, for the handshake, or for room for the body."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/hook"
        (outcome,) = run(send(url, timeout=IMPATIENT, body=body))
    assert outcome.status_code == TIMEOUT


def test_the_limit_spans_connecting_too(run: Run) -> None:
    """A full backlog takes no connection; the attempt ends all the same."""
    with socket.socket() as server, contextlib.ExitStack() as waiting:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(8):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        assert run(send(url, timeout=IMPATIENT))[0].status_code == TIMEOUT


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a webhook")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "webhook.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Webhook]:
    """A webhook that speaks https."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with Webhook(tls=tls) as running:
        yield running


def test_a_self_signed_certificate_is_611(run: Run, secure: Webhook) -> None:
    (outcome,) = run(send(secure.url))
    assert outcome.status_code == TLS == 611
    assert outcome.problem.startswith("its certificate is self-signed and not trusted; --cacert")
    assert secure.requests == []


def test_a_certificate_of_a_given_authority_is_accepted(
    run: Run, secure: Webhook, certificate: Path
) -> None:
    tls = ssl.create_default_context(cafile=certificate)
    assert [each.status_code for each in run(send(secure.url, 3, tls=tls))] == [200] * 3
    assert {request.connection for request in secure.requests} == {1}


def test_a_certificate_for_another_host_is_611(
    run: Run, secure: Webhook, certificate: Path
) -> None:
    tls = ssl.create_default_context(cafile=certificate)
    url = f"https://localhost:{secure.port}/hook"
    assert run(send(url, tls=tls))[0].status_code == TLS


def test_insecure_accepts_any_certificate(run: Run, secure: Webhook) -> None:
    assert run(send(secure.url, tls=False))[0].status_code == 200


def test_a_plain_server_behind_an_https_address_is_611(run: Run) -> None:
    async def deliver() -> list[Outcome]:
        async def complain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

        async with listening(complain) as port:
            return await send(f"https://127.0.0.1:{port}/hook")

    assert run(deliver())[0].status_code == TLS


def test_an_https_server_behind_a_plain_address_is_no_success(run: Run, secure: Webhook) -> None:
    (outcome,) = run(send(f"http://127.0.0.1:{secure.port}/hook"))
    assert outcome.status_code in (UNEXPECTED, NETWORK)


@pytest.mark.usefixtures("brief_looks")
@pytest.mark.parametrize(
    ("version", "flight"), [(ssl.TLSVersion.TLSv1_2, 1), (ssl.TLSVersion.TLSv1_3, 1_000)]
)
def test_a_webhook_that_wants_a_client_certificate_is_611(
    run: Run, certificate: Path, version: ssl.TLSVersion, flight: int
) -> None:
    """In TLS 1.3 the client has sent its request before it is refused."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificate)
    tls.load_cert_chain(certificate)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.maximum_version = version
    trust = ssl.create_default_context(cafile=certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        refusing = threading.Thread(target=refuse_handshake, args=(server, tls, flight))
        refusing.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}/hook"
        (outcome,) = run(send(url, tls=trust, body=b"a" * 2_000))
        refusing.join()
    assert outcome.status_code == TLS


def refuse_handshake(server: socket.socket, tls: ssl.SSLContext, flight: int) -> None:
    """Read some bytes after the TLS hello of one client, send it a refusal, and hang up."""
    connection, _ = server.accept()
    kept = connection.dup()
    secured = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    with kept, secured:
        secured.setblocking(False)
        for needed in (1, flight):
            while select.select([kept], [], []):
                if len(kept.recv(65_536, socket.MSG_PEEK)) >= needed:
                    break
            with contextlib.suppress(ssl.SSLError):
                secured.do_handshake()
        with contextlib.suppress(OSError):
            while select.select([kept], [], []) and kept.recv(65_536):
                pass


# The table.


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


def code_of_class(kind: type[BaseException]) -> int:
    """Return the code for a class; its instances want arguments of all sorts."""
    error = kind.__new__(kind)
    assert isinstance(error, Exception)
    return code_of(error)


@for_each("root", [OSError, UnicodeError, httptools.HttpParserError, httptools.HttpParserUpgrade])
def test_every_error_of_the_client_has_a_code(root: type[BaseException]) -> None:
    """It has one in the table; it is not 601 only because it is unknown."""
    for kind in subclasses(root):
        assert any(issubclass(kind, listed) for listed, _ in CODES), kind
        assert code_of_class(kind) in LABELS, kind


@for_each(
    ("kind", "code"),
    [
        (TimeoutError, TIMEOUT),
        (asyncio.TimeoutError, TIMEOUT),
        (ssl.SSLError, TLS),
        (ssl.SSLEOFError, TLS),
        (ssl.SSLCertVerificationError, TLS),
        (ssl.CertificateError, TLS),
        (OSError, NETWORK),
        (ConnectionRefusedError, NETWORK),
        (ConnectionResetError, NETWORK),
        (ConnectionAbortedError, NETWORK),
        (BrokenPipeError, NETWORK),
        (socket.gaierror, NETWORK),
        (httptools.HttpParserError, UNEXPECTED),
        (httptools.HttpParserCallbackError, UNEXPECTED),
        (httptools.HttpParserUpgrade, UNEXPECTED),
        (UnicodeError, UNEXPECTED),
        (ValueError, UNEXPECTED),
    ],
)
def test_each_class_of_errors_has_a_code(kind: type[BaseException], code: int) -> None:
    assert code_of_class(kind) == code


def test_no_row_of_the_table_of_codes_is_unreachable() -> None:
    kinds = [kind for kind, _ in CODES]
    for index, kind in enumerate(kinds):
        assert not issubclass(kind, tuple(kinds[:index])), kind


@pytest.mark.parametrize("steps", range(12))
def test_a_transport_closes_after_attempts_cancelled_at_any_step(
    run: Run, webhook: Webhook, steps: int
) -> None:
    """Also one that was still connecting: no event loop says that such a connection is lost."""

    async def work() -> list[Outcome]:
        async with HttpTransport(timeout=PATIENT, connections=4) as transport:
            attempts = [transport.send(webhook.url, HEADERS, BODY) for _ in range(5)]
            sending = [*map(asyncio.create_task, attempts)]
            for _ in range(steps):
                await asyncio.sleep(0)
            for each in sending:
                each.cancel()
            await asyncio.wait(sending)
        return []

    assert run(asyncio.wait_for(work(), PATIENT)) == []
