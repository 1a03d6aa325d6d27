"""The guard of Host and Origin: the same in all our servers, on sockets and in process."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flowsim.core.served_hosts import Served
from flowsim.events_service import application as events_service
from flowsim.events_service.service import Service
from flowsim.installation import authority, settings
from flowsim.installation.key_sources import find_key
from flowsim.receiver import application as receiver
from flowsim.receiver import key_host
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.web.server import Server

from ..events_service.prepared import Prepared, prepared
from ..events_service.test_openapi import DOCUMENT
from ..registering import address, create, journal

NAMES = ("consumer", "my_service", "172.17.0.9")
SERVED = Served(names=NAMES)

Refused = Callable[[str], None]


@dataclass
class GuardedServer:
    """A server of ours on a real socket: which paths it has served, and why it refused others."""

    app: Flask
    taken: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def scheme(self) -> str:
        return "http" if self.tls is None else "https"

    def ask(
        self, method: str, path: str, host: str | None = None, **headers: str
    ) -> tuple[int, str]:
        """Return the status and what the answer says; ``host`` may have a port in it."""
        wire = self._wire
        wire.putrequest(method, path, skip_host=True)
        for name, value in {"host": host or f"127.0.0.1:{self.port}", **headers}.items():
            wire.putheader(name.replace("_", "-"), value)
        body = b"{}" if method in ("POST", "PUT", "PATCH") else b""
        wire.putheader("content-length", str(len(body)))
        wire.endheaders(body)
        answer = wire.getresponse()
        return answer.status, answer.read().decode()

    @cached_property
    def _wire(self) -> http.client.HTTPConnection:
        """The connection to the server, which is opened again where that has closed it."""
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.tls)

    def close(self) -> None:
        self._wire.close()


def no_key(path: str) -> bytes:
    raise LookupError(path)


def receiving(guarded: GuardedServer) -> Flask:
    options = ReceiverOptions(
        on_received=lambda each: guarded.taken.append(each.path), on_refused=guarded.refusals.append
    )
    return receiver.create(ReceivingStub(find_key(None), options), SERVED)


def key_hosting(guarded: GuardedServer) -> Flask:
    return key_host.create(no_key, SERVED, guarded.refusals.append)


def checking(guarded: GuardedServer) -> Flask:
    return key_host.create_for_check(no_key, guarded.taken.append, SERVED, guarded.refusals.append)


APPLICATIONS = {"receiver": receiving, "key host": key_hosting, "check host": checking}


@pytest.fixture(params=[*APPLICATIONS, "events service"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["http", "https"])
def guarded(request: pytest.FixtureRequest, kind: str, service: Service) -> Iterator[GuardedServer]:
    """Each of our servers, with and without TLS."""
    made = GuardedServer(Flask("none"))
    made.app = (
        APPLICATIONS[kind](made) if kind in APPLICATIONS else events_service.create(service, SERVED)
    )
    context = None
    if request.param == "https":
        folder = authority.load(settings.authority_folder())
        context = folder.server_context(*SERVED.stated)
        made.tls = ssl.create_default_context(cafile=folder.certificate)
    with Server(made.app, "127.0.0.1", 0, threads=4, tls=context) as server:
        made.port = server.port
        yield made
        made.close()


ASKED = [
    ("GET", "/"),
    ("GET", "/received"),
    ("DELETE", "/received"),
    ("POST", "/hook"),
    ("GET", "/prod/keys/pub-key-0.pem"),
    ("GET", "/@127.0.0.1:1/..//a"),
    ("GET", "/csm/registrations/validate?id=a&challenge=b"),
    ("GET", "/healthz"),
    ("PUT", "/containers/a/data/b"),
]

ANSWERED = [
    *(*NAMES, "my_service:4010", "CONSUMER:1", "localhost", "hooks.localhost:8080"),
    *("[::1]:4010", "host.docker.internal:4010", "host.containers.internal"),
    "static.adobeioevents.com",
]
"""Hosts that each of our servers answers for."""


# The host.


def test_a_request_for_another_host_gets_only_advice_on_any_path(guarded: GuardedServer) -> None:
    for host in ("rebound.example", f"rebound.example:{guarded.port}", "rebound.example."):
        for method, path in ASKED:
            status, said = guarded.ask(method, path, host)
            assert status == 421
            assert "is served here; add --name rebound.example" in said
    assert guarded.taken == []
    assert {*guarded.refusals} <= {
        f"no host {name!r} is served here; add --name rebound.example"
        for name in ("rebound.example", "rebound.example.")
    }


def test_requests_for_any_served_host_are_answered_alike(
    guarded: GuardedServer,
) -> None:
    usual = [guarded.ask(method, path)[0] for method, path in ASKED]
    assert 421 not in usual
    for host in ANSWERED:
        assert [guarded.ask(method, path, host)[0] for method, path in ASKED] == usual, host
    assert guarded.refusals == []


def test_a_malformed_host_is_421_and_a_served_host_is_named(guarded: GuardedServer) -> None:
    for host in ("a b", "[::1", "a/b", "localhost:http", "a@b@localhost"):
        status, said = guarded.ask("GET", "/", host)
        assert (status, "; use 127.0.0.1" in said) == (421, True), host


def test_visits_are_noted_only_for_hosts_that_are_served() -> None:
    """What is refused is none: no webhook that follows a URL of a check comes by another."""
    guarded = GuardedServer(Flask("none"))
    app = checking(guarded)
    with Server(app, "127.0.0.1", 0) as server:
        guarded.port = server.port
        guarded.ask("GET", "/../@x//y?z", "consumer")
        guarded.ask("GET", "/prod/keys/k.pem", "static.adobeioevents.com")
        guarded.ask("GET", "/a", f"static.adobeioevents.com@127.0.0.1:{server.port}")
        guarded.ask("GET", "/b", "rebound.example")
        guarded.close()
    assert guarded.taken == ["/../@x//y?z", "/prod/keys/k.pem", "/a"]


def test_links_name_the_requested_host_with_any_characters(
    service: Service,
) -> None:
    api = events_service.create(service, SERVED).test_client()
    create(api, service, journal())
    for host in ("my_service:4010", "localhost", "[::1]:4010", "172.17.0.9:80"):
        read = api.get(address(service), headers={"host": host}).json
        assert read["_links"]["self"]["href"].startswith(f"http://{host.removesuffix(':80')}/ev")


@pytest.mark.parametrize("path", ["/healthz", "/_flowsim/status", "/no/such/place"])
def test_a_host_that_is_not_served_is_a_421_with_a_reason(api: FlaskClient, path: str) -> None:
    answer = api.get(path, headers={"host": "10.0.0.1:4010"})
    assert answer.status_code == 421
    assert answer.json["reason"] == "Misdirected Request"
    assert answer.json["message"] == "no host '10.0.0.1' is served here; add --name 10.0.0.1"


def test_a_service_on_all_addresses_answers_for_any_address(service: Service) -> None:
    client = events_service.create(service, Served("0.0.0.0")).test_client()
    assert client.get("/healthz", headers={"host": "10.0.0.1:4010"}).status_code == 200


# The page.

FOREIGN = ("http://rebound.example", "null", "http://localhost:3000", "https://127.0.0.1", "", "é")
WRITING = ("POST", "PUT", "PATCH", "DELETE", "PURGE")


def test_a_page_of_another_origin_can_write_nothing(guarded: GuardedServer) -> None:
    for origin in FOREIGN:
        for method in WRITING:
            for path in ("/", "/received", "/prod/keys/pub-key-0.pem", "/_flowsim/reset"):
                status, said = guarded.ask(method, path, origin=origin)
                assert (status, "no web page of " in said) == (403, True)
    assert guarded.taken == []


def test_a_page_of_the_server_itself_may_write(guarded: GuardedServer) -> None:
    for name in ("127.0.0.1", "localhost", "consumer"):
        own = f"{guarded.scheme}://{name}:{guarded.port}"
        for method in WRITING:
            asked = guarded.ask(method, "/received", f"{name}:{guarded.port}", origin=own)
            assert asked == guarded.ask(method, "/received", f"{name}:{guarded.port}")
            assert asked[0] != 403


def test_a_read_from_another_origin_is_answered(guarded: GuardedServer) -> None:
    """Only journals say that it does; but nothing below /_flowsim/ is read by any."""
    status, said = guarded.ask("GET", "/received", origin="http://rebound.example")
    assert (status, said) == guarded.ask("GET", "/received")


WRITERS = [
    (method, path, "requestBody" in described)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
    if method != "get"
]
"""Method and path of every operation that writes, and whether it has a body."""


@pytest.fixture(scope="module")
def own() -> Iterator[Prepared]:
    """A service with something of every kind: what it refuses changes nothing."""
    with prepared() as made:
        yield made


@pytest.mark.parametrize(("method", "path", "has_body"), WRITERS)
def test_writing_operations_refuse_other_origins_and_other_content_types(
    own: Prepared, method: str, path: str, has_body: bool
) -> None:
    """A page may send text, or bytes without a content type, to any address unasked."""
    api, place = own.app.test_client(), path.format(**own.known)
    foreign = {"origin": "http://rebound.example"}
    answer = api.open(place, method=method, data="{}", headers=foreign)
    assert (answer.status_code, answer.json["reason"]) == (403, "Forbidden")
    for kind in [None, "text/plain"] if has_body else []:
        answer = api.open(place, method=method, data="{}", content_type=kind)
        assert (answer.status_code, answer.json["reason"]) == (415, "Unsupported Media Type")


def test_a_chunked_body_without_a_content_type_is_refused(
    service: Service,
) -> None:
    with Server(events_service.create(service), "127.0.0.1", 0) as server:
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        wire.request("POST", address(service), body=iter([b"{}"]), encode_chunked=True)
        answer = wire.getresponse()
        said = json.loads(answer.read())["message"]
        wire.close()
    assert answer.status == 415
    assert said == "the content type is missing; send application/json"


def test_a_receiver_of_recorded_requests_checks_the_host_only() -> None:
    options = ReceiverOptions(any_origin=True)
    client = receiver.create(ReceivingStub(find_key(None), options), SERVED).test_client()
    foreign = {"origin": "http://rebound.example"}
    assert client.post("/hook", data=b"{", headers=foreign).status_code == 400
    assert client.post("/hook", headers=foreign | {"host": "x.example"}).status_code == 421
