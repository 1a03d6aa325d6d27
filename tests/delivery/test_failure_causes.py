"""Why an attempt got no answer is said in words, with what helps: against real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from flowsim.core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery import looks
from flowsim.delivery.failure_causes import plain, wait_for
from flowsim.delivery.http_connecting import Connector, Endpoint, Tls
from flowsim.delivery.http_connection import NotHttpError
from flowsim.delivery.http_transport import HttpTransport
from flowsim.delivery.looks import SharedObservations, TlsObservation
from flowsim.delivery.raw_transport import RawTransport
from flowsim.delivery.transport import Transport
from flowsim.errors import UnreachableError
from flowsim.installation import authority, trust

from ..free_ports import free_port
from ..webhook import Webhook, status

PATIENT, IMPATIENT = 60.0, 0.5
NOW = datetime.now(UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
ISSUER = ec.generate_private_key(ec.SECP256R1())

Make = Callable[..., Path]
Send = Callable[..., Outcome]


@pytest.fixture(params=["asyncio", "uvloop", "raw"])
def send(request: pytest.FixtureRequest) -> Send:
    """Send one request: on either event loop, and as faults of the wire write it."""
    factory = asyncio.new_event_loop
    if request.param == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop

    def once(url: str, *, tls: Tls = True, timeout: float = PATIENT) -> Outcome:
        async def posted() -> Outcome:
            if request.param == "raw":
                raw: Transport = RawTransport(Wire(1), timeout=timeout, tls=tls)
                return await raw.send(url, {}, b"{}")
            async with HttpTransport(timeout=timeout, connections=1, tls=tls) as transport:
                return await transport.send(url, {}, b"{}")

        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(posted())

    return once


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a certificate with its key, in one PEM file: by itself, or by an authority."""

    def made(
        *names: str,
        authority: str = "",
        begin: datetime = NOW - timedelta(days=2),
        end: datetime = NOW + timedelta(days=2),
    ) -> Path:
        subject, issuer = (
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)])
            for each in ("a webhook", authority or "a webhook")
        )
        builder = x509.CertificateBuilder(issuer, subject, KEY.public_key(), 7, begin, end)
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([*map(general_name, names)]), critical=False
            )
        signed = builder.sign(ISSUER if authority else KEY, SHA256())
        path = tmp_path / "server.pem"
        path.write_bytes(
            KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + signed.public_bytes(Encoding.PEM)
        )
        return path

    return made


def general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def server_tls(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@contextlib.contextmanager
def talking(*answers: bytes, reset: bool = False) -> Iterator[int]:
    """Answer each connection once it has begun TLS or sent a request, and close or reset it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        data = connection.recv(65_536)
                        while data[:1] == b"P" and not data.endswith(b"{}"):
                            data += connection.recv(65_536)
                        for each in answers:
                            connection.sendall(each)
                        if reset:
                            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


# Certificates.


def test_a_self_signed_certificate_is_named_as_the_cause(send: Send, make: Make) -> None:
    with Webhook(tls=server_tls(make("127.0.0.1"))) as webhook:
        outcome = send(webhook.url)
    assert (outcome.status_code, outcome.problem) == (
        TLS,
        "its certificate is self-signed and not trusted; --cacert FILE trusts the certificate in "
        "that file, --insecure accepts any certificate",
    )


def test_an_authority_that_is_not_trusted_is_named(send: Send, make: Make) -> None:
    with Webhook(tls=server_tls(make("127.0.0.1", authority="My Company CA"))) as webhook:
        outcome = send(webhook.url)
    assert (outcome.status_code, outcome.problem) == (
        TLS,
        "its certificate is of an authority 'My Company CA' that is not trusted; --cacert FILE "
        "trusts the authority in that file, --insecure accepts any certificate",
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("hooks.example",), "is for hooks.example, not for 127.0.0.1"),
        (("a.example", "10.0.0.1", "::1"), "is for a.example, 10.0.0.1, ::1, not for 127.0.0.1"),
        ([f"{each}.example" for each in "abcdefg"], "d.example, e.example and 2 more, not for"),
        ((), "names no host, so it is not for 127.0.0.1"),
    ],
)
def test_the_cause_shows_the_names_in_a_wrong_certificate(
    send: Send, make: Make, names: tuple[str, ...], words: str
) -> None:
    pem = make(*names)
    with Webhook(tls=server_tls(pem)) as webhook:
        outcome = send(webhook.url, tls=trust.tls_context(pem))
    assert outcome.status_code == TLS
    assert words in outcome.problem
    assert outcome.problem.endswith("; --insecure accepts any certificate")


def test_a_certificate_that_has_expired_says_when(send: Send, make: Make) -> None:
    end = NOW - timedelta(days=1)
    pem = make("127.0.0.1", end=end)
    with Webhook(tls=server_tls(pem)) as webhook:
        outcome = send(webhook.url, tls=trust.tls_context(pem))
    assert outcome.problem == (
        f"its certificate expired on {end:%Y-%m-%d %H:%M} UTC; renew it, or "
        "--insecure accepts any certificate"
    )


def test_a_certificate_that_is_not_valid_yet_says_from_when(send: Send, make: Make) -> None:
    begin = NOW + timedelta(days=1)
    pem = make("127.0.0.1", begin=begin)
    with Webhook(tls=server_tls(pem)) as webhook:
        outcome = send(webhook.url, tls=trust.tls_context(pem))
    assert outcome.problem.startswith(f"its certificate is not valid before {begin:%Y-%m-%d %H:%M}")


@pytest.mark.parametrize("authority", ["", "My Company CA"])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"end": NOW - timedelta(days=1)}, "not trusted, and expired on "),
        ({"begin": NOW + timedelta(days=1)}, "not trusted, and is not valid before "),
        ({"names": ("hooks.example",)}, "not trusted, and is not for 127.0.0.1; "),
    ],
)
def test_trust_is_not_advised_where_it_would_not_help(
    send: Send, make: Make, authority: str, wrong: dict[str, Any], words: str
) -> None:
    """OpenSSL names the authority first: with --cacert the attempt would fail all the same."""
    dates = {name: value for name, value in wrong.items() if name != "names"}
    pem = make(*wrong.get("names", ["127.0.0.1"]), authority=authority, **dates)
    with Webhook(tls=server_tls(pem)) as webhook:
        problem = send(webhook.url).problem
    assert words in problem
    assert "--cacert" not in problem
    assert problem.endswith("; --insecure accepts any certificate")


# TLS and plain HTTP.


def test_https_to_a_plain_server_is_named_as_the_cause(send: Send) -> None:
    with talking(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n") as port:
        outcome = send(f"https://127.0.0.1:{port}/hook")
    assert (outcome.status_code, outcome.problem) == (
        *(TLS, "the webhook speaks plain HTTP there, not TLS; use http://"),
    )


def test_http_to_a_tls_server_is_named_as_the_cause(send: Send, make: Make) -> None:
    with Webhook(tls=server_tls(make("127.0.0.1"))) as webhook:
        outcome = send(webhook.url.replace("https", "http"))
    assert outcome.status_code in (NETWORK, UNEXPECTED)
    assert outcome.problem == "the webhook speaks TLS there, not plain HTTP; use https://"


def test_the_cause_shows_bytes_that_are_not_tls(send: Send) -> None:
    with talking(b"SSH-2.0-OpenSSH_9.6\r\n") as port:
        outcome = send(f"https://127.0.0.1:{port}/hook")
    assert outcome.problem.startswith(
        "the webhook does not speak TLS there (it sends 'SSH-2.0-OpenSSH_9.6')"
    )


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_tls_version_is_named_as_the_cause(send: Send, make: Make) -> None:
    tls = server_tls(make("127.0.0.1"))
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with Webhook(tls=tls) as webhook:
        outcome = send(webhook.url)
    assert (outcome.status_code, outcome.problem) == (
        *(TLS, "the webhook speaks no TLS newer than 1.1; let it speak TLS 1.2 or 1.3"),
    )


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("is_shown", [True, False])
def test_a_missing_client_certificate_is_named_as_the_cause(
    send: Send, make: Make, tmp_path: Path, version: ssl.TLSVersion, is_shown: bool
) -> None:
    pem = make("127.0.0.1")
    tls = server_tls(pem)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.load(tmp_path / "other").certificate)
    tls.maximum_version = version
    context = trust.tls_context(pem)
    if is_shown:
        context = trust.client_context(authority.load(tmp_path / "own"), context)
    with Webhook(tls=tls) as webhook:
        outcome = send(webhook.url, tls=context)
    if outcome.status_code == NETWORK:  # the server hung up before its reason was read
        assert "the webhook" in outcome.problem
        return
    assert outcome.status_code == TLS
    assert "wants a client certificate" in outcome.problem


def test_hanging_tls_and_a_missing_answer_have_different_causes(send: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        outcome = send(f"https://127.0.0.1:{port}/hook", timeout=IMPATIENT)
    assert (outcome.status_code, outcome.problem) == (
        TIMEOUT,
        "no TLS handshake within 500ms; if the webhook speaks plain HTTP there, use http://",
    )


@pytest.mark.parametrize(("reset", "verb"), [(False, "closed"), (True, "reset")])
def test_an_end_during_the_handshake_is_named_as_the_cause(
    send: Send, reset: bool, verb: str
) -> None:
    with talking(reset=reset) as port:
        outcome = send(f"https://127.0.0.1:{port}/hook")
    assert outcome.status_code in (NETWORK, TLS)
    assert outcome.problem == (
        f"the webhook {verb} the connection during the TLS handshake; "
        "if the webhook speaks plain HTTP there, use http://"
    )


# Connections.


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_where_nothing_listens_refuses(send: Send, host: str) -> None:
    outcome = send(f"http://{host}:{free_port()}/hook")
    assert (outcome.status_code, outcome.problem) == (NETWORK, "connection refused")


@pytest.fixture(params=[("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
def apart(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A port of one loopback only: yield its address, and the same with the other one."""
    here, _ = request.param
    family = socket.AF_INET6 if ":" in here else socket.AF_INET
    try:
        server = socket.create_server((here, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server:
        port = server.getsockname()[1]
        yield (
            *(
                f"http://{f'[{each}]' if ':' in each else each}:{port}/hook"
                for each in request.param
            ),
        )


def test_a_server_at_the_other_loopback_is_found(send: Send, apart: tuple[str, str]) -> None:
    here, there = apart
    outcome = send(there)
    assert outcome.status_code == NETWORK
    assert outcome.problem == (
        f"connection refused, but something listens at {here.removesuffix('/hook')}: "
        "use that address"
    )


def test_waiting_for_a_webhook_names_the_other_loopback_address(apart: tuple[str, str]) -> None:
    here, there = apart
    with pytest.raises(UnreachableError) as caught:
        asyncio.run(wait_for(there))
    assert str(caught.value) == (
        f"no webhook answers at {there} "
        f"(connection refused, but something listens at {here.removesuffix('/hook')}: "
        "use that address)"
    )


def test_an_unknown_host_name_is_shown_in_the_cause(send: Send) -> None:
    outcome = send("http://no-such-host.invalid/hook")
    assert outcome.status_code == NETWORK
    assert outcome.problem.startswith("the name no-such-host.invalid cannot be looked up: ")


# Answers that are none.


@pytest.mark.parametrize(
    ("answers", "reset", "words"),
    [
        ((), False, "closed the connection without a complete answer: nothing came"),
        ((), True, "reset the connection without a complete answer: nothing came"),
        ((b"H",), False, "closed the connection without a complete answer: 1 byte came"),
        (
            (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12",),
            False,
            "closed the connection without a complete answer: 40 bytes came",
        ),
    ],
)
def test_a_connection_that_ends_too_early_says_how_much_came(
    send: Send, answers: tuple[bytes, ...], reset: bool, words: str
) -> None:
    with talking(*answers, reset=reset) as port:
        outcome = send(f"http://127.0.0.1:{port}/hook")
    assert (outcome.status_code, outcome.problem) == (NETWORK, f"the webhook {words}")


def test_an_answer_that_does_not_come_says_after_how_long(send: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        outcome = send(url, timeout=IMPATIENT)
    assert (outcome.status_code, outcome.problem) == (
        *(TIMEOUT, "no complete answer within 500ms: nothing came"),
    )


def test_an_answer_that_is_no_http_is_shown(send: Send) -> None:
    with talking(b"220 mail.example.com ESMTP\r\n") as port:
        outcome = send(f"http://127.0.0.1:{port}/hook")
    assert outcome.status_code == UNEXPECTED
    assert outcome.problem.startswith("its answer is not HTTP (")
    assert outcome.problem.endswith("): it begins with '220 mail.example.com ESMTP'")


def test_a_webhook_that_only_speaks_http_2_is_named_as_cause(send: Send) -> None:
    settings = b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80"
    with talking(settings) as port:
        outcome = send(f"http://127.0.0.1:{port}/hook")
    assert (outcome.status_code, outcome.problem) == (
        *(UNEXPECTED, "the webhook speaks HTTP/2 only; let it speak HTTP/1.1 too"),
    )


def test_a_server_that_speaks_first_did_not_close_the_connection() -> None:
    async def greeted() -> str:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            await reader.read()
            writer.close()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            where = Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], False)
            connection = await Connector(True, None).connect(where)
            await asyncio.wait_for(connection.lost.wait(), PATIENT)  # before a request is sent
            with pytest.raises(NotHttpError) as caught:
                await connection.post(b"", b"", PATIENT)
        return plain(caught.value, PATIENT)

    words = (
        "its answer is not HTTP (the answer came before the request): it begins with 'SSH-2.0-Op"
    )
    assert asyncio.run(greeted()).startswith(words)


# Looks.


def test_a_webhook_that_answered_before_is_not_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A look is a connection more, which a webhook that counts them would see."""
    looked: list[str] = []

    async def look(_: object, host: str) -> TlsObservation:
        looked.append(host)
        return TlsObservation()

    monkeypatch.setattr(looks, "observe_tls", look)

    async def posted() -> list[int]:
        with Webhook([status(200), lambda _: iter(())]) as webhook:
            async with HttpTransport(timeout=PATIENT, connections=1) as transport:
                return [(await transport.send(webhook.url, {}, b"{}")).status_code for _ in "123"]

    assert asyncio.run(posted()) == [200, NETWORK, NETWORK]
    assert looked == []


@pytest.mark.parametrize("at_once", [1, 20])
def test_attempts_that_fail_alike_share_one_observation(
    make: Make, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    looked: list[str] = []
    observe_tls = looks.observe_tls

    async def look(places: object, host: str) -> TlsObservation:
        looked.append(host)
        return await observe_tls(places, host)  # type: ignore[arg-type]

    monkeypatch.setattr(looks, "observe_tls", look)

    async def posted() -> set[str]:
        with Webhook(tls=server_tls(make("127.0.0.1"))) as webhook:
            async with HttpTransport(timeout=PATIENT, connections=at_once) as transport:
                sends = (transport.send(webhook.url, {}, b"{}") for _ in range(20))
                return {each.problem for each in await asyncio.gather(*sends)}

    assert len(asyncio.run(posted())) == 1
    assert looked == ["127.0.0.1"]


def test_a_cancelled_attempt_does_not_cancel_the_shared_observation() -> None:
    async def work() -> list[str | BaseException]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def look(where: Endpoint) -> str:
            begun.set()
            await go_on.wait()
            return where.host

        shared = SharedObservations(look)
        waiting = [asyncio.create_task(shared.at(Endpoint("a", 80, False))) for _ in range(3)]
        await begun.wait()
        waiting[0].cancel()
        go_on.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    given_up, *others = asyncio.run(work())
    assert isinstance(given_up, asyncio.CancelledError)
    assert others == ["a", "a"]
