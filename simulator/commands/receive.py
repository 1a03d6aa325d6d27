"""``flowsim receive``: the receiving stub on its own."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable
from . import _options
from ._dashboard import open_option, open_pages
from ._options import option
from ._output import beside, say, terminal_width
from ._serving import Log, Refusals, address, serving, warn_if_reachable
from ._stories import families_of, families_option, warn_of_own
from ._types import CLIENT_ID, DURATION

if TYPE_CHECKING:
    from ..core.served_hosts import Served
    from ..families.registry import Families
    from ..receiver.stub import Answered, Received, ReceiverOptions, ReceivingStub
    from ..web.request_head import Refusal
    from ..web.server import Server

_LONGEST = 80
"""At most this many characters of a request line are shown."""

_THREADS = 64
"""How many requests are answered at once."""


@click.command()
@_options.port(8080)
@_options.host()
@option("--client-id ID", "Refuse deliveries for any other recipient.", CLIENT_ID)
@option(
    "--respond CODES",
    "Answers to the events, in this order, as in 503*2,200. Without an answer: "
    "timeout (until the sender gives up), close, reset.",
)
@option(
    "--delay S", "How long to wait before each answer.", DURATION, default=0.0, show_default=False
)
@_options.as_json("Print one JSON object per line.")
@option("--keys URL|DIR", "A key host or a folder of PEM files; default: this installation's keys.")
@families_option
@_options.save("Save every POST exactly, in files that only you can read.")
@open_option
def command(port: int, as_json: bool, save: Path | None, **options: Any) -> None:
    """Receive notifications as a correct webhook would, and print them.

    It answers the challenge, and verifies signature, recipient and JSON. Correct deliveries get
    200, others 401 or 400, unless --respond says otherwise. GET /received lists the deliveries,
    DELETE /received deletes this list. --open shows it in a browser, on a port of its own. flowsim
    replay DIR sends again what --save has saved.

    \b
    flowsim receive --port 8080 --respond '503*2,200'
    flowsim receive --port 8080 --respond 'timeout,close,reset,200'
    flowsim receive --save incident
    """
    from ..captures.files import RequestFolder
    from ..core.served_hosts import Served
    from ..installation.key_sources import find_key
    from ..receiver.stub import ReceivingStub

    known = families_of(options["families"])
    if options["families"]:
        warn_of_own(known)
    log, ended = Log(RequestFolder(save) if save else None, as_json=as_json), threading.Event()
    requests = _RequestLog(log, known, as_json=as_json)
    stub = ReceivingStub(find_key(options["keys"]), _receiver_options(options, requests, ended))
    try:
        shown = known if options["is_opened"] else None
        _serve(stub, Served(options["host"], options["names"]), port, ended, shown)
    finally:
        log.say_lost()


def _receiver_options(
    options: dict[str, Any], requests: _RequestLog, ended: threading.Event
) -> ReceiverOptions:
    """Return how the receiver behaves; a delay ends early once the command has ``ended``."""
    from ..receiver import answers
    from ..receiver.stub import ReceiverOptions

    respond = options["respond"]
    return ReceiverOptions(
        client_id=options["client_id"],
        codes=answers.parse(respond) if respond is not None else None,
        delay=lambda: ended.wait(options["delay"]),
        on_received=requests.received,
        on_refused=Refusals().warn,
        on_answered=requests.answered,
        on_cut=requests.cut,
    )


class _RequestLog:
    """Keeps deliveries, and prints a line for each request that is answered.

    It loads its modules at once, since later the process may have no free file. Printed lines have
    a date if they are of another day than the first.
    """

    def __init__(self, log: Log, families: Families, *, as_json: bool) -> None:
        from ..captures.http_file import store
        from ..core import json_writing
        from ..core.instant import Days
        from ..families import event_line
        from ..runtime.clock import present

        self._log = log
        self._as_json = as_json
        self._days = Days()
        self._says = partial(event_line.body_line, families)
        self._present, self._store, self._json = present, store, json_writing.one_line

    def received(self, received: Received) -> None:
        """Keep and print a POST."""
        now, event_id = self._present(), received.headers.get("x-adobe-event-id", "")
        self._log.keep(partial(self._store, received.head, received.body), now, event_id)
        code = received.headers.get("x-adobe-event-code", "")
        says = self._says(code, received.body) if received.reception.verified else ""
        if self._as_json:
            shown = {"type": "received", **received.as_json(), "says": says or None}
            self._log.write(self._json(shown))
        else:
            is_first = "x-adobe-retry-count" not in received.headers
            self._write(now, _received_text(received), says if is_first else "")

    def cut(self, head: bytes, body: bytes, event_id: str) -> None:
        """Keep a request whose chunks break off; it does not count as a delivery."""
        request = partial(self._store, head, body, is_cut=True)
        self._log.keep(request, self._present(), event_id)

    def answered(self, answered: Answered) -> None:
        """Print a request that is no delivery."""
        if self._as_json:
            self._log.write(self._json({"type": "answered", **answered.as_json()}))
        else:
            self._write(self._present(), _answered_text(answered))

    def _write(self, now: datetime, text: str, says: str = "") -> None:
        line = f"{self._days.before(now)}{now:%H:%M:%S} ← {text}"
        self._log.write(line + beside(line, says, terminal_width()))


def _received_text(received: Received) -> str:
    """Return the line of a delivery: event, answer, and reason."""
    headers, reason = received.headers, printable(received.reception.reason)
    code = printable(headers.get("x-adobe-event-code", "no event code"))
    id_ = printable(headers.get("x-adobe-event-id", "no event id")[:8])
    retries = printable(headers.get("x-adobe-retry-count", ""))
    what = f"{code} {id_}{f' retry {retries}' if retries else ''}"
    result = click.style(reason or "verified", fg="red" if reason else "green")
    return f"{what} [{received.answered}] {result}"


def _answered_text(answered: Answered) -> str:
    """Return the line of a request that is no delivery."""
    what = printable(answered.line) or "no request line"
    what = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
    color = "green" if answered.status_code < 400 else "red"
    return f"{what} [{answered.status_code}] {click.style(printable(answered.said), fg=color)}"


def _serve(
    receiver: ReceivingStub,
    served: Served,
    port: int,
    ended: threading.Event,
    shown: Families | None,
) -> None:
    """Serve until Ctrl-C, with pages for a browser if they are ``shown`` with some families.

    Raises ``FlowsimError`` if it cannot, or cannot go on.
    """
    from ..adobe_clients import first_request
    from ..receiver.application import create
    from ..receiver.stub import Answered
    from ..runtime import system_limits
    from ..web.server import Server

    system_limits.allow_threads(_THREADS)
    system_limits.raise_open_files(system_limits.FOR_A_SERVICE)

    def refused(refusal: Refusal) -> None:
        receiver.options.on_answered(Answered.of(refusal))

    app = create(receiver, served)
    with serving() as command, ExitStack() as stack:
        server = Server(app, served.bound, port, _THREADS, refused=refused)
        stack.enter_context(server)
        stack.callback(ended.set)  # no delay before an answer is waited for any more
        first_request.over_http(served.bound, server.port, "/")
        place, command.is_ready = printable(address(served.bound, server.port)), True
        say(f"webhook: {place}/ (Ctrl-C ends it)", err=True)
        pages = (
            [] if shown is None else [stack.enter_context(_pages(receiver, served, shown, place))]
        )
        warn_if_reachable(served.bound)
        command.go_on(server, *pages)


def _pages(receiver: ReceivingStub, served: Served, families: Families, place: str) -> Server:
    """Serve the dashboard of a receiver on a free port, and open it; ``place`` is its URL."""
    from ..dashboard import receiver_dashboard
    from ..web.server import Server

    app, access = receiver_dashboard.create(receiver, families, served, place)
    server = Server(app, served.bound, 0)
    opened = access.address(address(served.bound, server.port))
    say(f"dashboard: {printable(opened)}", err=True)
    open_pages(opened)
    return server
