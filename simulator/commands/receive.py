"""``flowsim receive``: the receiving stub on its own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import expect_whole
from ..printable import printable
from ._listening import Refusals, address, warn_if_reachable
from ._options import ClientId, Duration, Folder, name_option
from ._output import say
from ._received import JsonLines, TextLines
from ._running import LOOK_EVERY, Keeper, Log
from ._threads import watched

if TYPE_CHECKING:
    from ..core.served_hosts import Served
    from ..web.receiver import Answered, Received, Receiver

_THREADS = 64
"""How many requests are answered at once."""


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
    "--respond",
    metavar="CODES",
    help="What to answer each event in turn, as in 503*2,200. No answer: timeout (until the sender "
    "gives up), close, reset.",
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
    flowsim receive --port 8080 --respond 'timeout,close,reset,200'
    flowsim receive --save incident
    """
    from ..core.served_hosts import Served
    from ..request_folder import RequestFolder
    from ..signing.key_sources import find_key
    from ..web import answers, receiver

    keeper, ended = Keeper(RequestFolder(save) if save else None), threading.Event()
    printing = _Printing(Log(is_exact=as_json), keeper, JsonLines() if as_json else TextLines())
    told = receiver.ReceiverOptions(
        client_id=manner["client_id"],
        codes=answers.parse(respond) if respond is not None else None,
        delay=lambda: ended.wait(manner["delay"]),
        on_received=printing.received,
        on_refused=Refusals().warn,
        on_answered=printing.answered,
        on_cut=printing.cut,
    )
    served = Served(manner["host"], manner["names"])
    try:
        _serve(receiver.Receiver(find_key(keys), told), served, port, ended)
    finally:
        keeper.tell_lost()


class _Printing:
    """Keeps deliveries, and prints a line for each request that is answered.

    All that it needs is loaded when it is made: later there may be no file more to open.
    """

    def __init__(self, log: Log, keeper: Keeper, lines: TextLines | JsonLines) -> None:
        from ..clock import present
        from ..core.captures.http_file import store

        self._log = log
        self._keeper = keeper
        self._lines = lines
        self._present = present
        self._store = store

    def received(self, received: Received) -> None:
        """Take in a delivery, and what else came in its place."""
        now = self._present()
        if self._keeper.is_used:
            event_id = received.headers.get("x-adobe-event-id", "")
            self._keeper.keep(self._store(received.head, received.body), now, event_id)
        self._log.write(self._lines.received(received, now))

    def cut(self, head: bytes, body: bytes, event_id: str) -> None:
        """Keep a request whose chunks break off; it is answered as no delivery."""
        if self._keeper.is_used:
            self._keeper.keep(self._store(head, body, is_cut=True), self._present(), event_id)

    def answered(self, answered: Answered) -> None:
        """Take in a request that is no delivery."""
        self._log.write(self._lines.answered(answered, self._present()))


def _serve(receiver: Receiver, served: Served, port: int, ended: threading.Event) -> None:
    """Serve until somebody ends it; raises ``FlowsimError`` if it cannot, or cannot go on."""
    from .. import system_limits
    from ..clients import first_request
    from ..clock import sleep
    from ..event_loop import sigterm_interrupts
    from ..web.client_socket import USUAL
    from ..web.receiver import Answered, create
    from ..web.server import Server

    system_limits.allow_threads(_THREADS)
    system_limits.raise_open_files(system_limits.FOR_A_SERVICE)
    app, is_ready = create(receiver, served), False
    with (
        sigterm_interrupts(),
        watched() as threads,
        Server(
            *(app, served.bound, port, _THREADS, None, USUAL),
            lambda each: receiver.options.on_answered(Answered.of(each)),
        ) as server,
    ):
        try:
            first_request.over_http(served.bound, server.port, "/")
            place, is_ready = printable(address(served.bound, server.port)), True
            say(f"webhook: {place}/ (Ctrl-C ends it)", err=True)
            warn_if_reachable(served.bound)
            while True:
                sleep(LOOK_EVERY)
                expect_whole((threads, server))
        except KeyboardInterrupt:
            if not is_ready:
                raise
            say("stopped", err=True)
        finally:
            ended.set()  # no delay before an answer is waited for any more
