"""``flowsim receive``: the receiving stub on its own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import SettingError
from ..printable import printable
from ._listening import Refusals, address, warn_if_reachable
from ._options import ClientId, Duration, Folder, name_option
from ._output import say

if TYPE_CHECKING:
    from ..core.served_hosts import Served
    from ..request_folder import RequestFolder
    from ..web.receiver import Received, Receiver


@click.command()
@click.option(
    "--port",
    metavar="PORT",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="0: a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@name_option
@click.option(
    "--client-id",
    metavar="ID",
    type=ClientId(),
    help="Refuse deliveries for any other recipient.",
)
@click.option(
    "--respond", metavar="CODES", help="What to answer each event in turn, as in 503*2,200."
)
@click.option(
    "--delay",
    metavar="S",
    type=Duration(),
    default=0.0,
    help="How long to wait before each answer.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--keys",
    metavar="URL|DIR",
    help="A key host or a folder of PEM files; default: this installation's keys.",
)
@click.option(
    "--save",
    type=Folder(),
    metavar="DIR",
    help="Keep every POST exactly, in files that only you can read.",
)
def command(
    port: int,
    as_json: bool,
    save: Path | None,
    keys: str | None,
    respond: str | None,
    **manner: Any,
) -> None:
    """Receive notifications as a sound webhook would, and print what came.

    Answers the challenge, verifies signature, recipient and JSON; sound deliveries get 200,
    others 401 or 400, unless --respond says otherwise. GET /received lists what came,
    DELETE /received forgets it. What --save keeps can be sent again: flowsim replay DIR.

    \b
    flowsim receive --port 8080 --respond '503*2,200'
    flowsim receive --save incident
    """
    from ..core import answers
    from ..core.served_hosts import Served
    from ..request_folder import RequestFolder
    from ..signing.key_sources import find_key
    from ..web import receiver

    output = _Output(as_json, RequestFolder(save) if save else None)
    told = receiver.Manner(
        client_id=manner["client_id"],
        codes=answers.parse(respond) if respond is not None else None,
        delay=lambda: output.ended.wait(manner["delay"]),
        on_received=output.tell,
        on_refused=Refusals().warn,
    )
    served = Served(manner["host"], manner["names"])
    _serve(receiver.Receiver(find_key(keys), told), served, port, output)


class _Output:
    """Prints and keeps what comes, until nobody reads any more or it cannot be kept."""

    def __init__(self, as_json: bool, folder: RequestFolder | None) -> None:
        self._show = _as_json if as_json else _as_line
        self._folder = folder
        self._color = click.get_current_context().color
        self.ended = threading.Event()
        self.problem: SettingError | None = None

    def tell(self, received: Received) -> None:
        try:
            if self._folder is not None:
                _keep(received, self._folder)
            say(self._show(received), color=self._color)
        except SettingError as error:
            self.problem = error
            self.ended.set()
        except OSError:  # nobody reads any more
            self.ended.set()


def _keep(received: Received, folder: RequestFolder) -> None:
    from ..clock import present
    from ..core.captures.http_file import store

    event_id = received.headers.get("x-adobe-event-id", "")
    folder.keep(store(received.head, received.body), present(), event_id)


def _serve(receiver: Receiver, served: Served, port: int, output: _Output) -> None:
    """Serve until somebody ends it; raises ``SettingError`` if what comes cannot be kept."""
    from ..event_loop import sigterm_interrupts
    from ..web.receiver import create
    from ..web.server import Server

    app = create(receiver, served)
    with Server(app, served.bound, port, threads=64) as server, sigterm_interrupts():
        try:
            say(
                f"webhook: {printable(address(served.bound, server.port))}/ (Ctrl-C ends it)",
                err=True,
            )
            warn_if_reachable(served.bound)
            output.ended.wait()
        except KeyboardInterrupt:
            say("stopped", err=True)
        output.ended.set()  # nobody waits before he answers any more
    if output.problem is not None:
        raise output.problem


def _as_line(received: Received) -> str:
    from ..clock import present

    headers, reason = received.headers, printable(received.reception.reason)
    verdict = click.style("verified", fg="green") if not reason else click.style(reason, fg="red")
    code = printable(headers.get("x-adobe-event-code", "no event code"))
    id_ = printable(headers.get("x-adobe-event-id", "no event id")[:8])
    retries = printable(headers.get("x-adobe-retry-count", ""))
    return (
        f"{present():%H:%M:%S} ← {code} {id_}{f' retry {retries}' if retries else ''} "
        f"[{received.answered}] {verdict}"
    )


def _as_json(received: Received) -> str:
    from ..core.json_texts import printed_json

    return printed_json.line({"type": "received", **received.as_json()})
