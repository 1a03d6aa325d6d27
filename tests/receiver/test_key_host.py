"""Public keys at the paths that deliveries name."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from flowsim.core.signature import key_path
from flowsim.installation import keys, settings
from flowsim.installation.key_sources import find_key, own_key
from flowsim.receiver.key_host import create
from flowsim.web.server import Server


def public_pem(path: str) -> bytes:
    return keys.public_pem(settings.keys_folder(), path)


@pytest.fixture
def client() -> FlaskClient:
    """A key host in process, for the keys of this installation."""
    keys.load(settings.keys_folder())
    return create(public_pem).test_client()


def test_both_keys_are_served_as_pem_in_lines_of_64(client: FlaskClient) -> None:
    """What Node and Java read: 64 characters a line, LF, nothing around it."""
    for key in keys.load(settings.keys_folder()):
        answer = client.get(key_path(key.name))
        assert (answer.status_code, answer.mimetype) == (200, "application/x-pem-file")
        assert answer.data == key.public_pem
        first, *lines, last = answer.text.removesuffix("\n").split("\n")
        assert (first, last) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
        assert {len(line) for line in lines[:-1]} == {64}
        assert "\r" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/prod/keys/",
        "/prod/keys/pub-key-0000000000.pem",
        "/prod/keys/signing-1.pem",
        "/prod/keys/pub-key-0000000000",
        "/prod/keys/../../signing-1.pem",
        "/prod/keys/..%2f..%2fsigning-1.pem",
        "/prod/keys/%2e%2e",
        "/prod/keys/pub-key-0000000000.pem%0a",
        "/prod/keys/%00.pem",
        "/prod/keys/%ff.pem",
        "/stage/keys/pub-key-0000000000.pem",
    ],
)
def test_other_requests_are_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"PRIVATE" not in answer.data


def test_a_key_that_was_replaced_is_still_served(own_home: object) -> None:  # noqa: ARG001
    """A delivery that was signed before the rotation can be verified after it."""
    first, second = keys.load(settings.keys_folder())
    new = keys.rotate(settings.keys_folder(), 1)
    client = create(public_pem).test_client()
    for key in (first, second, new):
        assert client.get(key_path(key.name)).data == key.public_pem


def test_keys_cannot_be_changed_through_the_host(client: FlaskClient) -> None:
    path = key_path(keys.load(settings.keys_folder())[0].name)
    for method in ("POST", "PUT", "DELETE"):
        assert client.open(path, method=method).status_code == 405


def test_a_consumer_that_uses_the_host_finds_the_keys() -> None:
    first, _ = keys.load(settings.keys_folder())
    with Server(create(public_pem), "127.0.0.1", 0) as server:
        find = find_key(f"http://127.0.0.1:{server.port}/")
        assert find(key_path(first.name)) == own_key(key_path(first.name))
        with pytest.raises(LookupError):
            find("/prod/keys/pub-key-0000000000.pem")
