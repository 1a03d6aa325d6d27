"""``--name``: under which other names the commands answer that listen."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from ..checks.consumers import candidate
from ..consumers.correct import CorrectConsumer, KeyUnavailableError
from ..free_ports import free_port
from ..webhook import Request, Webhook, status
from .forked import Forked
from .test_receive import receiving
from .test_up import up

Flowsim = Callable[..., Result]


def get(port: int, host: str, path: str = "/") -> tuple[int, str]:
    """Ask a port of this machine by a name that does not lead to it here."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wire.request("GET", path, headers={"host": host})
    answer = wire.getresponse()
    said = answer.read().decode()
    wire.close()
    return answer.status, said


class Named(CorrectConsumer):
    """A webhook in a container, where the key host has a name."""

    name = "consumer"

    def open(self, url: str) -> bytes:
        place, _, path = url.removeprefix("http://127.0.0.1:").partition("/")
        code, said = get(int(place), f"{self.name}:{place}", f"/{path}")
        if code != 200:
            raise KeyUnavailableError(url)
        return said.encode()


def test_up_answers_for_names_and_so_does_its_certificate(tmp_path: Path) -> None:
    names = "--name", "consumer", "--name", "My_Service", "--name", "172.17.0.9"
    with up("--data", ":memory:", "--tls-port", "0", *names, home=tmp_path) as (_, ready):
        port = int(ready["url"].rpartition(":")[2])
        for host in ("consumer:4010", "my_service", "172.17.0.9", "host.docker.internal:4010"):
            assert get(port, host, "/healthz")[0] == 200
        code, said = get(port, "other", "/healthz")
        assert code == 421
        assert "no host 'other' is served here; add --name other" in said
        trusting = ssl.create_default_context(cafile=tmp_path / "authority" / "authority.pem")
        for host in ("consumer", "172.17.0.9", "host.docker.internal"):
            with socket.create_connection(("127.0.0.1", ready["tls_port"])) as raw:
                trusting.wrap_socket(raw, server_hostname=host).close()


def test_receive_answers_for_names_such_as_that_of_a_tunnel() -> None:
    with receiving("--name", "tunnel.example") as stub:
        assert get(stub.port, "tunnel.example")[0] == 200
        assert get(stub.port, "other.example")[0] == 421


def test_requests_that_receive_refuses_are_warnings_and_not_listed() -> None:
    with Forked("receive", "--port", "0") as process:
        port = int(process.stderr.readline().rpartition(":")[2].partition("/")[0])
        codes = [get(port, host)[0] for host in ("a.example", "b.example", "a.example")]
        listed = get(port, "localhost", "/received")
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
    assert (codes, listed[1].strip()) == ([421, 421, 421], "[]")
    assert [line.count("[421] no host") for line in output.splitlines()] == [1, 1, 1, 0]
    assert errors.splitlines()[:-1] == [
        "warning: no host 'a.example' is served here; add --name a.example",
        "warning: no host 'b.example' is served here; add --name b.example",
    ]


@pytest.mark.slow
def test_check_serves_keys_under_a_name_and_warns_of_others(flowsim: Flowsim) -> None:
    """A request that is refused is no visit: what needs keys is not judged, and nothing fails."""
    with candidate(Named) as webhook:
        given = ["check", webhook.running.url, "--serve-keys", webhook.keys_port]
        given += ["--only", "keys-rotated,unsigned"]
        without, named = flowsim(*given), flowsim(*given, "--name", "consumer")
    assert "0 failed, 2 not judged" in without.stdout
    assert without.stderr == "warning: no host 'consumer' is served here; add --name consumer\n"
    assert (named.exit_code, named.stderr) == (0, "")
    assert "3 checks: 3 passed" in named.stdout


def test_replay_serves_keys_under_a_name(flowsim: Flowsim, webhook: Webhook) -> None:
    port, asked = free_port(), list[int]()

    def ask(request: Request) -> Iterator[bytes]:
        path = request.headers["x-adobe-public-key1-path"]
        asked.extend(get(port, host, path)[0] for host in ("consumer", "host.docker.internal", "x"))
        return status(200)(request)

    webhook.answers = [ask]
    given = ["replay", "success", "--target", webhook.url, "--serve-keys", port]
    assert flowsim(*given, "--name", "consumer").exit_code == 0
    assert asked == [200, 200, 421]


@pytest.mark.parametrize("command", [["up"], ["receive"], ["replay", "partial"], ["check", "3000"]])
@pytest.mark.parametrize("name", ["", "http://consumer", "consumer:4010", "*.example", "a b"])
def test_an_invalid_name_is_reported_in_one_sentence(
    flowsim: Flowsim, command: list[str], name: str
) -> None:
    result = flowsim(*command, "--name", name)
    assert (result.exit_code, result.stdout) == (2, "")
    expected = "is neither a host name nor an IP address, such as consumer or 172.17.0.1."
    assert f"'--name': {name!r} {expected}" in result.stderr
