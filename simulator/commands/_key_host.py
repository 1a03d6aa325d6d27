"""The key host that stays: ``flowsim keys serve``."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ..errors import expect_whole
from ..printable import printable, printable_values
from ._listening import Refusals, address, warn_if_reachable
from ._output import say
from ._running import LOOK_EVERY, Log
from ._threads import watched

if TYPE_CHECKING:
    from ..web.server import Server

Told = Callable[[str, int], None]
"""Is told each path that is asked for, and the status of the answer."""

_PATH = "/"
"""What is asked for first: nothing is there, and that is an answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the key host listens, and for which hosts it answers beside its own."""

    port: int
    tls_port: int | None
    host: str
    names: tuple[str, ...]


def run(place: Place, as_json: bool) -> None:
    """Serve until Ctrl-C; raises ``FlowsimError`` if it cannot, or cannot go on."""
    from ..clock import sleep
    from ..event_loop import sigterm_interrupts

    told = _teller(Log(is_exact=as_json), as_json)
    with sigterm_interrupts(), watched() as threads:
        try:
            with _served(place, told) as servers:
                _tell_ready(place, servers, as_json)
                while True:
                    sleep(LOOK_EVERY)
                    expect_whole((threads, *servers))
        except KeyboardInterrupt:
            say("stopped", err=True)


@contextmanager
def _served(place: Place, told: Told) -> Iterator[list[Server]]:
    """Yield the servers, each of which has answered a request: plain HTTP, then HTTPS if any."""
    from .. import local_hosts, settings, system_limits
    from ..certificates import authority
    from ..clients import first_request
    from ..core.served_hosts import Served
    from ..web import key_host
    from ..web.server import Server

    is_secure = place.tls_port is not None
    system_limits.allow_threads(local_hosts.THREADS * (2 if is_secure else 1))
    system_limits.raise_open_files(system_limits.FOR_A_SERVICE)
    served = Served(place.host, place.names)
    app = key_host.create(_pem(told), served, Refusals().warn)
    app.url_map.merge_slashes = False
    with ExitStack() as stack:
        plain = stack.enter_context(Server(app, place.host, place.port, local_hosts.THREADS))
        servers = [plain]
        first_request.over_http(place.host, plain.port, _PATH)
        if place.tls_port is not None:
            tls = authority.load(settings.authority_folder()).server_context(*served.stated)
            secure = Server(app, place.host, place.tls_port, local_hosts.THREADS, tls)
            servers.append(stack.enter_context(secure))
            first_request.over_tls(place.host, secure.port, _PATH)
        yield servers


def _pem(told: Told) -> Callable[[str], bytes]:
    """Return what answers at a path as the key host of a check does, and tells it."""
    from .. import settings
    from ..delivery.key_answers import KeyAnswers

    answers = KeyAnswers(settings.keys_folder())

    def pem(path: str) -> bytes:
        try:
            found = answers.pem(posixpath.normpath(path))
        except LookupError:
            told(path, 404)
            raise
        told(path, 200)
        return found

    return pem


def _teller(log: Log, as_json: bool) -> Told:
    """Return what prints a line for each request; all that it needs is loaded here."""
    from ..clock import present
    from ..core.json_texts import printed_json

    def tell(path: str, status: int) -> None:
        if as_json:
            content = {"type": "request", "path": path, "status_code": status}
            log.write(printed_json.line(content))
        else:
            code = click.style(f"[{status}]", fg="green" if status == 200 else "red")
            log.write(f"{present():%H:%M:%S} ← {printable(path)} {code}")

    return tell


def _tell_ready(place: Place, servers: list[Server], as_json: bool) -> None:
    """Print where the keys are: on standard error for people, as the first line of JSON."""
    ready = _ready(place, servers)
    if as_json:
        from ..core.json_texts import printed_json

        say(printed_json.line(ready), is_exact=True)
    else:
        for line in _ready_lines(printable_values(ready)):
            say(line, err=True)
    warn_if_reachable(place.host)


def _ready(place: Place, servers: list[Server]) -> dict[str, Any]:
    from .. import settings
    from ..core.signature import key_path
    from ..signing import keys

    return {
        "type": "ready",
        "url": address(place.host, servers[0].port),
        "tls_port": servers[1].port if len(servers) > 1 else None,
        "keys": [key_path(key.name) for key in keys.load(settings.keys_folder())],
    }


def _ready_lines(ready: dict[str, Any]) -> Iterator[str]:
    secure = "" if ready["tls_port"] is None else f" and by HTTPS on port {ready['tls_port']}"
    yield f"key host: {click.style(ready['url'], bold=True)}{secure} (Ctrl-C ends it)"
    for path in ready["keys"]:
        yield f"{ready['url']}{path}"
