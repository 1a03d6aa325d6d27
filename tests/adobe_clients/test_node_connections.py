"""Which connections of Node programs are allowed, with every client.

Names are looked up by the program under test, on this machine. 192.0.2.1 is of a network for
documentation, which no host has.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowsim.core import adobe_hosts

from ..webhook import Webhook
from .reaching import Reached

REFUSED = "ERR_FLOWSIM_REFUSED"


@pytest.fixture(autouse=True)
def program(node: Path) -> Path:
    return node / "connections.cjs"


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of a server of this machine that gives every connection one answer."""
    with Webhook() as webhook:
        yield webhook.port


def connect(
    reached: Reached, program: Path, client: str | list[str], *places: list[Any], **more: str
) -> tuple[list[str | None], list[str]]:
    """Return what came of each connection, and the names that were looked up for them.

    Several clients do the same one after the other, in one process.
    """
    given = {"clients": [client] if isinstance(client, str) else client, "places": places}
    found = reached.read("node", program, given=given, **more)
    return found["outcomes"], found["lookedUp"]


CLIENTS = ["fetch", "http.get", "http.get without an agent", "https.get", "http2.connect"]
CLIENTS += ["tls.connect", "net.connect", "net.connect with options", "net.Socket"]
CLIENTS += ["worker", "child process"]


def test_no_client_reaches_another_host_or_looks_its_name_up(
    reached: Reached, program: Path
) -> None:
    """Adobe's hosts have HTTPS only, and others of Adobe's are not played here."""
    hosts = ["elsewhere.invalid", "192.0.2.1", adobe_hosts.API, "developer.adobe.io"]
    places = [[host, 8080] for host in hosts]
    outcomes, looked_up = connect(reached, program, CLIENTS, *places)
    result = {client: outcomes[n * len(hosts) :][: len(hosts)] for n, client in enumerate(CLIENTS)}
    assert result == {client: [REFUSED] * len(hosts) for client in CLIENTS}
    assert looked_up == []


def test_programs_reach_this_machine(reached: Reached, program: Path, listener: int) -> None:
    clients = ["fetch", "http.get", "net.connect", "net.Socket"]
    places = [[host, listener] for host in ("127.0.0.1", "localhost", "LOCALHOST.", "0.0.0.0")]
    outcomes, _ = connect(reached, program, clients, *places, NO_PROXY="", no_proxy="")
    assert outcomes == [None] * len(places) * len(clients)


def test_sockets_of_this_machine_are_reached(
    reached: Reached, program: Path, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        assert connect(reached, program, "a pipe", [str(tmp_path / "s")]) == ([None], [])


@pytest.mark.parametrize(
    ("entry", "host", "is_exempt"),
    [
        ("db.corp", "db.corp", True),
        ("db.corp", "a.db.corp", True),
        ("db.corp", "my-db.corp", False),
        (".corp", "db.corp", True),
        ("*.Corp", "DB.corp", True),
        ("corp.", "db.corp.", True),
        ("db.*", "db.corp", True),
        ("d+b.corp", "ddb.corp", False),
        ("*", "db.corp", True),
        ("db.corp:PORT", "db.corp", True),
        ("db.corp:1", "db.corp", False),
        ("a b,db.corp", "db.corp", True),
        ("192.0.2.0/24", "db.corp", False),
        ("db.corp/24", "db.corp", False),
        ("127.0.0.1/99", "db.corp", False),
    ],
)
def test_hosts_in_no_proxy_are_reached(
    reached: Reached, program: Path, listener: int, entry: str, host: str, is_exempt: bool
) -> None:
    exempt = entry.replace("PORT", str(listener))
    outcomes, looked_up = connect(
        reached, program, "net.connect", [host, listener], NO_PROXY=exempt, no_proxy=""
    )
    assert (outcomes, looked_up) == (([None], [host]) if is_exempt else ([REFUSED], []))


@pytest.mark.parametrize("entry", ["192.0.2.0/24", "192.0.2.1", "192.0.*", "::ffff:c000:200/120"])
def test_ranges_of_addresses_are_read_as_they_are_meant(reached: Reached, entry: str) -> None:
    """Node itself refuses port 65,536, so its error shows that an exempt host was tried."""
    tried = [["192.0.2.1", 65_536], ["198.51.100.1", 8080]]
    result = reached.run("node", "-e", PORTS, given=tried, NO_PROXY=entry, no_proxy="")
    assert result.stdout.split() == ["ERR_SOCKET_BAD_PORT", REFUSED]


def test_malformed_entries_of_no_proxy_are_ignored(reached: Reached, program: Path) -> None:
    odd = "[ ] ( ) a[ a( \\ ? + | ^ $ {1} a:b:c :80 /8 x/ [::1 ::1]:x http://db.corp/ - é a..b :: /"
    places = [["db.corp", 80], ["192.0.2.1", 80]]
    result = connect(reached, program, "net.connect", *places, NO_PROXY=odd, no_proxy="")
    assert result == ([REFUSED] * 2, [])


PORTS = """
const net = require('node:net')
const show = (error) => console.log(error.code)
for (const [host, port] of JSON.parse(require('node:fs').readFileSync(0, 'utf8'))) {
  try { net.connect(port, host).once('error', show) } catch (error) { show(error) }
}
"""


def test_the_error_names_the_refused_host_and_how_to_allow_it(reached: Reached) -> None:
    result = reached.run("node", "-e", "fetch('https://elsewhere.invalid/?key=secret')")
    assert result.returncode == 1
    assert (
        "elsewhere.invalid:443 cannot be reached: no connection leaves this machine"
        in result.stderr
    )
    assert "add hosts of your own to NO_PROXY" in result.stderr
    assert "secret" not in result.stderr
