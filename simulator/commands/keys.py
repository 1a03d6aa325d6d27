"""``flowsim keys``: the signing keys of this installation."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable, printable_values
from ..runtime.defaults import KEYS_PORT
from . import _options
from ._groups import Subcommands
from ._options import PORTS, flag, option
from ._output import say
from ._serving import Log, Refusals, address, announce, serving, warn_if_reachable

if TYPE_CHECKING:
    from ..core.served_hosts import Served
    from ..web.server import Server


@click.group(cls=Subcommands)
def command() -> None:
    """Show, rotate or serve the two signing keys.

    \b
    flowsim keys show --pem
    flowsim keys rotate 1
    flowsim keys serve
    """


@command.command()
@flag("--pem", "Print the public keys, not only their paths.")
def show(pem: bool) -> None:
    """Print the names of the public keys and where they are kept.

    \b
    flowsim keys show --pem
    """
    from ..core.signature import key_path
    from ..installation import keys, settings

    folder = settings.keys_folder()
    for number, key in enumerate(keys.load(folder), 1):
        if pem:
            say(key.public_pem.decode(), nl=False, is_exact=True)
        else:
            place = printable(str(folder / "public" / key.name))
            say(f"{number} {key_path(key.name)} {place}.pem", is_exact=True)


@command.command()
@click.argument("number", required=False, type=click.IntRange(1, 2), metavar="[1|2]")
def rotate(number: int | None) -> None:
    """Replace key 1, key 2 or both by keys with new names.

    \b
    flowsim keys rotate 1
    """
    from ..core.signature import key_path
    from ..installation import keys, settings

    for each in (number,) if number else (1, 2):
        key = keys.rotate(settings.keys_folder(), each)
        say(f"{each} {key_path(key.name)}")


@command.command()
@_options.port(KEYS_PORT)
@option(
    "--tls-port PORT",
    "Port for HTTPS too, as static.adobeioevents.com; flowsim certs prints the authority to trust.",
    PORTS,
)
@_options.host()
@_options.as_json("Print one JSON object per line.")
def serve(
    port: int, tls_port: int | None, host: str, names: tuple[str, ...], as_json: bool
) -> None:
    """Serve the public keys until Ctrl-C, and print each request.

    It is the key host of flowsim check and flowsim replay, for webhooks that need the keys at any
    time. After a rotation it serves the new keys.

    \b
    flowsim keys serve --port 4020
    """
    from ..core.served_hosts import Served

    served, find_key = Served(host, names), _find_key(as_json)
    with serving() as running, _served(served, port, tls_port, find_key) as servers:
        running.is_ready = True
        ready = _ready(host, servers)
        announce(ready, _ready_lines(printable_values(ready)), as_json=as_json)
        warn_if_reachable(host)
        running.go_on(*servers)


_PATH = "/"
"""The first request, which shows that the server answers: with 404."""


@contextmanager
def _served(
    served: Served, port: int, tls_port: int | None, find_key: Callable[[str], bytes]
) -> Iterator[list[Server]]:
    """Yield the servers, each of which has answered a request: plain HTTP, then HTTPS if any."""
    from ..adobe_clients import first_request
    from ..installation import authority, settings
    from ..receiver import key_host, local_hosts
    from ..runtime import system_limits
    from ..web.server import Server

    system_limits.allow_threads(local_hosts.THREADS * (1 if tls_port is None else 2))
    system_limits.raise_open_files(system_limits.FOR_A_SERVICE)
    app = key_host.create(find_key, served, Refusals().warn)
    app.url_map.merge_slashes = False
    with ExitStack() as stack:
        plain = stack.enter_context(Server(app, served.bound, port, local_hosts.THREADS))
        servers = [plain]
        first_request.over_http(served.bound, plain.port, _PATH)
        if tls_port is not None:
            tls = authority.load(settings.authority_folder()).server_context(*served.stated)
            secure = Server(app, served.bound, tls_port, local_hosts.THREADS, tls)
            servers.append(stack.enter_context(secure))
            first_request.over_tls(served.bound, secure.port, _PATH)
        yield servers


def _find_key(as_json: bool) -> Callable[[str], bytes]:
    """Return a function that finds the PEM at a path, and prints a line for each request.

    It loads all modules at once, since later the process may have no free file.
    """
    from ..core import json_writing
    from ..core.signature import KeyHostDownError
    from ..delivery.key_answers import KeyAnswers
    from ..installation import settings
    from ..runtime.clock import present

    log, answers = Log(as_json=as_json), KeyAnswers(settings.keys_folder())

    def find(path: str) -> bytes:
        """Return the PEM for the path of a request, as ``/prod/keys/pub-key-….pem``; print a line.

        ``.`` and ``..`` in the path count as in a file name. Raises ``LookupError``, for which the
        key host answers 404 or 503, if no key is served there.
        """
        try:
            found = answers.pem(posixpath.normpath(path))
        except LookupError as error:
            print_line(path, 503 if isinstance(error, KeyHostDownError) else 404)
            raise
        print_line(path, 200)
        return found

    def print_line(path: str, status: int) -> None:
        if as_json:
            content = {"type": "request", "path": path, "status_code": status}
            log.write(json_writing.one_line(content))
        else:
            code = click.style(f"[{status}]", fg="green" if status == 200 else "red")
            log.write(f"{present():%H:%M:%S} ← {printable(path)} {code}")

    return find


def _ready(host: str, servers: list[Server]) -> dict[str, Any]:
    from ..core.signature import key_path
    from ..installation import keys, settings

    return {
        "type": "ready",
        "url": address(host, servers[0].port),
        "tls_port": servers[1].port if len(servers) > 1 else None,
        "keys": [key_path(key.name) for key in keys.load(settings.keys_folder())],
    }


def _ready_lines(ready: dict[str, Any]) -> Iterator[str]:
    secure = "" if ready["tls_port"] is None else f" and by HTTPS on port {ready['tls_port']}"
    yield f"key host: {click.style(ready['url'], bold=True)}{secure} (Ctrl-C ends it)"
    for path in ready["keys"]:
        yield f"{ready['url']}{path}"
