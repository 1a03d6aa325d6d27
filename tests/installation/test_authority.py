"""The certificate authority of an installation."""

from __future__ import annotations

import socket
import ssl
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from flowsim.core import adobe_hosts
from flowsim.errors import KeyFileError
from flowsim.installation import authority
from flowsim.installation.trust import client_context


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "authority"


def shake_hands(
    server: ssl.SSLContext, client: ssl.SSLContext, name: str
) -> tuple[dict[str, object], dict[str, object]]:
    """Connect a client to a server; return the certificates that each saw of the other."""
    ours, theirs = socket.socketpair()
    seen: list[dict[str, object]] = []

    def serve() -> None:
        with server.wrap_socket(theirs, server_side=True) as served:
            served.read(1)
            seen.append(served.getpeercert() or {})  # type: ignore[arg-type]
            served.write(b"!")

    thread = threading.Thread(target=serve)
    thread.start()
    with client.wrap_socket(ours, server_hostname=name) as connected:
        connected.write(b"?")
        connected.read(1)
        presented = connected.getpeercert()
    thread.join()
    return presented or {}, seen[0]  # type: ignore[return-value]


def test_a_key_that_others_can_read_is_made_private_with_a_warning(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority.load(folder)
    key = folder / "authority-key.pem"
    key.chmod(0o640)
    authority.load(folder)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    [message] = caplog.messages
    assert message.startswith(f"warning: {key}: its mode let others read it, and is 600 now; ")


@pytest.mark.parametrize("name", [*adobe_hosts.ALL, *authority.LOOPBACK])
def test_a_client_that_trusts_the_authority_trusts_the_server_under_every_name(
    folder: Path, name: str
) -> None:
    made = authority.load(folder)
    client = ssl.create_default_context(cafile=made.certificate)
    presented, _ = shake_hands(made.server_context(), client, name)
    assert ("DNS", adobe_hosts.API) in presented["subjectAltName"]  # type: ignore[operator]


HOSTS = ("consumer", "my_service", "172.17.0.9", "fd00::7", "-a", "x" * 64)


@pytest.mark.parametrize(
    "name", ["host.docker.internal", "host.containers.internal", "consumer", "172.17.0.9"]
)
def test_the_server_has_the_names_by_which_containers_reach_it(folder: Path, name: str) -> None:
    """Also beside hosts that no certificate can name, which are left out."""
    made = authority.load(folder)
    client = ssl.create_default_context(cafile=made.certificate)
    presented, _ = shake_hands(made.server_context(*HOSTS), client, name)
    assert ("IP Address", "172.17.0.9") in presented["subjectAltName"]  # type: ignore[operator]


def test_the_client_certificate_keeps_its_name_when_it_is_issued_anew(folder: Path) -> None:
    """A webhook that checks the name goes on working (9.1)."""
    made = authority.load(folder)
    server = made.server_context()
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(made.certificate)
    first, second = (
        shake_hands(server, client_context(authority.load(folder)), "localhost")[1]
        for _ in range(2)
    )
    assert first["subjectAltName"] == (("DNS", authority.CLIENT_NAME),)
    assert first["subject"] == second["subject"]
    assert first["serialNumber"] != second["serialNumber"]


def test_the_authority_is_made_once_with_a_private_key(folder: Path) -> None:
    made = authority.load(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"authority.pem", "authority-key.pem", "authority.p12"}
    assert stat.S_IMODE((folder / "authority-key.pem").stat().st_mode) == 0o600
    again = authority.load(folder)
    assert (again.certificate, again.trust_store) == (made.certificate, made.trust_store)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_trust_store_holds_the_same_certificate(folder: Path) -> None:
    made = authority.load(folder)
    store = pkcs12.load_pkcs12(
        made.trust_store.read_bytes(), authority.TRUST_STORE_PASSWORD.encode()
    )
    (entry,) = store.additional_certs
    pem = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    assert (entry.certificate, store.key, store.cert) == (pem, None, None)


LOADS = """
import hashlib, pathlib, sys
from flowsim.installation import authority
print("ready", flush=True)
input()
made = authority.load(pathlib.Path(sys.argv[1]))
print(hashlib.sha256(made.certificate.read_bytes()).hexdigest())
"""


def test_processes_that_make_the_authority_at_once_use_the_same_one(folder: Path) -> None:
    """All are ready before any may begin."""
    command, pipe = [sys.executable, "-c", LOADS, str(folder)], subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate()[0] for process in running}
    assert len(answers) == 1
    assert answers != {""}
    assert [path.name for path in folder.parent.iterdir()] == ["authority"]


@pytest.mark.parametrize("name", ["authority.pem", "authority-key.pem"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_file_is_named_with_the_remedy(folder: Path, name: str, content: bytes) -> None:
    authority.load(folder)
    (folder / name).write_bytes(content)
    with pytest.raises(KeyFileError, match="move the folder away and a new authority") as caught:
        authority.load(folder)
    assert caught.value.path == folder


@pytest.mark.parametrize("name", ["authority.pem", "authority-key.pem", "authority.p12"])
def test_a_missing_file_is_named_with_the_remedy(folder: Path, name: str) -> None:
    authority.load(folder)
    (folder / name).unlink()
    with pytest.raises(KeyFileError, match=r"is missing; move the folder away") as caught:
        authority.load(folder)
    assert caught.value.path == folder / name


def test_the_key_of_another_authority_is_no_key_of_this_one(folder: Path, tmp_path: Path) -> None:
    authority.load(folder)
    authority.load(tmp_path / "other")
    (tmp_path / "other" / "authority-key.pem").replace(folder / "authority-key.pem")
    with pytest.raises(KeyFileError):
        authority.load(folder)
