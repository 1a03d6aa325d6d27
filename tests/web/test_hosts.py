"""Under which names the service answers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from flowsim.core.served_hosts import Served
from flowsim.service.service import Service
from flowsim.web import events_service

LOOPBACK = ("127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST.", "hooks.localhost")


@pytest.mark.parametrize("name", [*LOOPBACK, "api.adobe.io", "static.adobeioevents.com"])
@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0", "192.168.7.7", "flowsim"])
def test_the_loopback_and_adobes_hosts_are_always_served(name: str, bound: str) -> None:
    assert Served(bound).holds(name)


@pytest.mark.parametrize(
    ("name", "bound", "served"),
    [
        ("rebound.example", "127.0.0.1", False),
        ("rebound.example", "0.0.0.0", False),
        ("localhost.example", "127.0.0.1", False),
        ("api.adobe.io.example", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("192.168.7.7", "127.0.0.1", False),
        ("192.168.7.7", "192.168.7.7", True),
        ("192.168.7.8", "192.168.7.7", False),
        ("192.168.7.7", "0.0.0.0", True),
        ("fd00::7", "::", True),
        ("flowsim", "flowsim", True),
        ("flowsim", "0.0.0.0", False),
    ],
)
def test_another_name_is_served_only_where_the_service_is_bound_to_it(
    name: str, bound: str, served: bool
) -> None:
    assert Served(bound).holds(name) is served


@pytest.mark.parametrize("path", ["/healthz", "/_flowsim/status", "/no/such/place"])
@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:4010", "10.0.0.1"])
def test_a_host_that_is_not_served_is_a_421_with_a_reason(
    api: FlaskClient, path: str, host: str
) -> None:
    answer = api.get(path, headers={"host": host})
    assert answer.status_code == 421
    assert answer.json["reason"] == "Misdirected Request"
    assert host.partition(":")[0] in answer.json["message"]


@pytest.mark.parametrize("host", ["127.0.0.1:4010", "[::1]:4010", "localhost:1", "[::1]"])
def test_the_port_is_not_looked_at(api: FlaskClient, host: str) -> None:
    assert api.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["a b", "[::1", "a/b", "ö"])
def test_a_host_that_is_none_is_a_4xx(api: FlaskClient, host: str) -> None:
    assert api.get("/healthz", headers={"host": host}).status_code in (400, 421)


def test_the_app_is_told_where_it_listens(service: Service) -> None:
    client = events_service.create(service, Served("0.0.0.0")).test_client()
    assert client.get("/healthz", headers={"host": "10.0.0.1:4010"}).status_code == 200
