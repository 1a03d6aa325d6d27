"""The state store that Adobe's Node SDK looks into before it asks the key host (2.5)."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from flowsim.core.instant import to_ms
from flowsim.events_service.service import Service
from flowsim.installation import keys, settings
from flowsim.runtime.clock import ManualClock

DATA = "/containers/me/data"
BINARY = "application/octet-stream"


def expiry(service: Service, seconds: int) -> str:
    return str(to_ms(service.clock.now() + timedelta(seconds=seconds)))


def pass_time(service: Service, seconds: float) -> None:
    """Set a manual clock later, without attempting what is due."""
    assert isinstance(service.clock, ManualClock)
    service.clock._now += timedelta(seconds=seconds)  # noqa: SLF001


@pytest.mark.parametrize(("query", "seconds"), [("", 86_400), ("?ttl=0", 86_400), ("?ttl=5", 5)])
def test_a_value_is_returned_until_it_expires(
    api: FlaskClient, service: Service, query: str, seconds: int
) -> None:
    put = api.put(f"{DATA}/a.b-c_1{query}", data=b"\x00 value \xff", content_type=BINARY)
    assert (put.status_code, put.text) == (200, "a.b-c_1")
    got = api.get(f"{DATA}/a.b-c_1")
    assert (got.status_code, got.data) == (200, b"\x00 value \xff")
    assert got.headers["x-key-expires-ms"] == expiry(service, seconds)
    pass_time(service, seconds)
    assert api.get(f"{DATA}/a.b-c_1").status_code == 404
    api.put(f"{DATA}/other", data=b"", content_type=BINARY)
    assert len(service.database.rows("SELECT * FROM state")) == 1


def test_a_value_replaces_the_earlier_one_of_its_namespace(api: FlaskClient) -> None:
    for namespace, value in [("me", b"1"), ("you", b"2"), ("me", b"3")]:
        api.put(f"/containers/{namespace}/data/key", data=value, content_type=BINARY)
    assert api.get(f"{DATA}/key").data == b"3"
    assert api.get("/containers/you/data/key").data == b"2"


def test_public_keys_are_there_without_a_put(api: FlaskClient, service: Service) -> None:
    for key in keys.load(settings.keys_folder()):
        got = api.get(f"{DATA}/{key.name}.pem")
        assert (got.status_code, got.data) == (200, key.public_pem)
        assert got.headers["x-key-expires-ms"] == expiry(service, 86_400)
        api.put(f"{DATA}/{key.name}.pem", data=b"what a consumer cached", content_type=BINARY)
        assert api.get(f"{DATA}/{key.name}.pem").data == b"what a consumer cached"
    assert api.get(f"{DATA}/pub-key-0000000000.pem").status_code == 404


@pytest.mark.parametrize(
    ("path", "size", "status", "message"),
    [
        ("a%20b", 1, 400, "the key 'a b' does not match"),
        ("a" * 1025, 1, 400, "does not match"),
        ("key?ttl=-1", 1, 400, "ttl is '-1'; expected 0 to 31536000"),
        ("key?ttl=soon", 1, 400, "ttl is 'soon'"),
        ("key?ttl=31536001", 1, 400, "ttl is '31536001'"),
        ("key", 2**20 + 1, 413, "a value has at most 1,048,576 bytes"),
    ],
)
def test_invalid_keys_values_and_lifetimes_are_refused(
    api: FlaskClient, path: str, size: int, status: int, message: str
) -> None:
    answer = api.put(f"{DATA}/{path}", data=b"x" * size, content_type=BINARY)
    assert answer.status_code == status
    assert message in answer.json["message"]


def test_a_strict_service_opens_the_store_to_its_own_token_only(
    api: FlaskClient, service: Service
) -> None:
    service.options.strict = True
    for given in (None, "Basic", "Basic 5OTg=", "Bearer x"):
        headers = {"authorization": given} if given else {}
        assert api.get(f"{DATA}/key", headers=headers).status_code == 401
    own = b64encode(service.installation.token.encode()).decode()
    assert api.get(f"{DATA}/key", headers={"authorization": f"Basic {own}"}).status_code == 404
