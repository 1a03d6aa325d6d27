"""``flowsim receive``: the receiving stub on its own."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable
from . import _options
from ._output import say
from ._serving import Keeper, Log, Refusals, address, serve_on, warn_if_reachable, watched
from ._types import ClientId, Duration

if TYPE_CHECKING:
    from ..core.served_hosts import Served
    from ..receiver.application import Answered, Received, ReceivingStub

_LONGEST = 80
"""So much of the first line of a request is shown that is no delivery."""

_THREADS = 64
"""How many requests are answered at once."""


@click.command()
@_options.port(8080)
@_options.host()
@click.option(
    "--client-id",
    metavar="ID",
    type=ClientId(),
    help="Refuse deliveries for any other recipient.",
)
@click.option(
    "--respond",
    metavar="CODES",
    help="Answers to the events, in this order, as in 503*2,200. Without an answer: "
    "timeout (until the sender gives up), close, reset.",
)
@click.option(
    "--delay",
    metavar="S",
    type=Duration(),
    default=0.0,
    help="How long to wait before each answer.",
)
@_options.as_json("Print one JSON object per line.")
@click.option(
    "--keys",
    metavar="URL|DIR",
    help="A key host or a folder of PEM files; default: this installation's keys.",
)
@_options.save("Save every POST exactly, in files that only you can read.")
def command(port: int, as_json: bool, save: Path | None, **options: Any) -> None:
    """Receive notifications as a correct webhook would, and print them.

    It answers the challenge, and verifies signature, recipient and JSON. Correct deliveries get
    200, others 401 or 400, unless --respond says otherwise. GET /received lists the deliveries,
    DELETE /received deletes this list. flowsim replay DIR sends again what --save has saved.

    \b
    flowsim receive --port 8080 --respond '503*2,200'
    flowsim receive --port 8080 --respond 'timeout,close,reset,200'
    flowsim receive --save incident
    """
    from ..captures.files import RequestFolder
    from ..core.served_hosts import Served

    keeper, ended = Keeper(RequestFolder(save) if save else None), threading.Event()
    lines = ReceivedJson() if as_json else ReceivedText()
    log = _RequestLog(Log(is_exact=as_json), keeper, lines)
    served = Served(options["host"], options["names"])
    try:
        _serve(_receiver(options, log, ended), served, port, ended)
    finally:
        keeper.tell_lost()


def _receiver(options: dict[str, Any], log: _RequestLog, ended: threading.Event) -> ReceivingStub:
    """Return the receiver that options describe; once ``ended`` is set, it delays no answer."""
    from ..installation.key_sources import find_key
    from ..receiver import answers
    from ..receiver import application as receiver

    respond = options["respond"]
    manner = receiver.ReceiverOptions(
        client_id=options["client_id"],
        codes=answers.parse(respond) if respond is not None else None,
        delay=lambda: ended.wait(options["delay"]),
        on_received=log.received,
        on_refused=Refusals().warn,
        on_answered=log.answered,
        on_cut=log.cut,
    )
    return receiver.ReceivingStub(find_key(options["keys"]), manner)


class _RequestLog:
    """Keeps deliveries, and prints a line for each request that is answered.

    All that it needs is loaded when it is made: later there may be no file more to open.
    """

    def __init__(self, log: Log, keeper: Keeper, lines: ReceivedText | ReceivedJson) -> None:
        from ..captures.http_file import store
        from ..runtime.clock import present

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


class ReceivedText:
    """Lines to read; those of another day than the first have its date."""

    def __init__(self) -> None:
        from ..core.instant import Days

        self._days = Days()

    def received(self, received: Received, now: datetime) -> str:
        """Return the line of a delivery: what it was, what it was answered, and why."""
        headers, reason = received.headers, printable(received.reception.reason)
        code = printable(headers.get("x-adobe-event-code", "no event code"))
        id_ = printable(headers.get("x-adobe-event-id", "no event id")[:8])
        retries = printable(headers.get("x-adobe-retry-count", ""))
        what = f"{code} {id_}{f' retry {retries}' if retries else ''}"
        result = click.style(reason or "verified", fg="red" if reason else "green")
        return f"{self._time(now)} ← {what} [{received.answered}] {result}"

    def answered(self, answered: Answered, now: datetime) -> str:
        """Return the line of any other request."""
        what = printable(answered.line) or "no request line"
        what = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
        is_good = answered.status_code < 400
        said = click.style(printable(answered.said), fg="green" if is_good else "red")
        return f"{self._time(now)} ← {what} [{answered.status_code}] {said}"

    def _time(self, now: datetime) -> str:
        return f"{self._days.before(now)}{now:%H:%M:%S}"


class ReceivedJson:
    """Lines for programs: ``received`` for deliveries, ``answered`` for other requests."""

    def __init__(self) -> None:
        from ..core import json_writing

        self._line = json_writing.one_line

    def received(self, received: Received, _: datetime) -> str:
        """Return the object of a delivery."""
        return self._line({"type": "received", **received.as_json()})

    def answered(self, answered: Answered, _: datetime) -> str:
        """Return the object of any other request."""
        return self._line({"type": "answered", **answered.as_json()})


def _serve(receiver: ReceivingStub, served: Served, port: int, ended: threading.Event) -> None:
    """Serve until Ctrl-C; raises ``FlowsimError`` if it cannot, or cannot go on."""
    from ..adobe_clients import first_request
    from ..receiver.application import Answered, create
    from ..runtime import system_limits
    from ..runtime.event_loop import sigterm_interrupts
    from ..web.client_socket import USUAL
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
            serve_on((threads, server))
        except KeyboardInterrupt:
            if not is_ready:
                raise
            say("stopped", err=True)
        finally:
            ended.set()  # no delay before an answer is waited for any more
