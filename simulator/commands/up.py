"""``flowsim up``: the events service."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from ..errors import SettingError, expect_whole
from ..printable import printable_values
from ._listening import warn_if_reachable
from ._notes import note_teller
from ._options import Folder, name_option, service_clock_option
from ._output import say, say_lines
from ._running import LOOK_EVERY, Keeper, Log
from ._service import DEFAULT_SERVICE, shell_line
from ._streams import NAME, why_not
from ._threads import watched
from ._trust import refuse_both, trust_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.trace import Trace
    from ..local_service import LocalService, Options

_NOTABLE = 1.0
"""Seconds from which on a clock that is ahead of the present is worth a warning."""

Told = TypeVar("Told")


@click.command()
@click.option(
    "--port",
    metavar="PORT",
    default=4010,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="0: a free one.",
)
@click.option(
    "--tls-port",
    metavar="PORT",
    type=click.IntRange(0, 65_535),
    help="HTTPS as Adobe's hosts; flowsim certs names the authority.",
)
@click.option(
    "--proxy-port",
    metavar="PORT",
    type=click.IntRange(0, 65_535),
    help="A proxy that leads to the TLS port for Adobe's hosts, and nowhere else.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@name_option
@click.option(
    "--data",
    metavar="DIR|:memory:",
    help="Where events are kept; default: events in your data folder.",
)
@service_clock_option
@click.option("--strict", is_flag=True, help="Accept no tokens and api keys but its own.")
@click.option(
    "targets",
    "--allow-target",
    metavar="HOST|CIDR",
    multiple=True,
    help="Let webhooks be there, beside on this machine.",
)
@trust_options("the webhooks' certificates")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--verbose", is_flag=True, help="Print every attempt, however often it fails alike.")
@click.option(
    "--save",
    type=Folder(),
    metavar="DIR",
    help="Keep every attempt exactly as sent, in files that only you can read.",
)
def command(
    data: str | None,
    clock: str,
    strict: bool,
    targets: tuple[str, ...],
    as_json: bool,
    verbose: bool,
    save: Path | None,
    **place: Any,
) -> None:
    """Run a local Adobe I/O Events: registrations, journal, deliveries and their retries.

    Prints one line for each attempt at a delivery, and for what happens to registrations: saves,
    challenges, changes of status. Of attempts that fail alike it prints the first, a count and
    the last, unless --verbose. Ctrl-C, SIGTERM or the end of its terminal (SIGHUP, unless
    nohup starts it) ends it; what is under way goes on at the next start. What --save keeps can
    be sent again: flowsim replay DIR.

    \b
    flowsim up
    flowsim up --clock manual --data :memory:
    flowsim up --tls-port 4443 --proxy-port 4480
    """
    refuse_both(place["cacert"], place["insecure"])
    from .. import local_service, settings
    from ..request_folder import RequestFolder
    from ..service.service import Manner

    if data == "":
        raise click.UsageError("--data is empty; name a folder, or leave --data out.")
    folder = Path(data) if data else settings.made_home() / "events"
    options = local_service.Options(
        data=None if data == ":memory:" else folder,
        clock=clock,
        manner=Manner(strict=strict, targets=targets),
        **place,
    )
    keeper = Keeper(RequestFolder(save) if save else None)
    _serve(options, as_json, _Printing(Log(is_exact=as_json), keeper, as_json, verbose))


def _serve(options: Options, as_json: bool, printing: _Printing) -> None:
    """Serve until somebody ends it; raises ``FlowsimError`` if it cannot, or cannot go on."""
    from .. import credentials, local_service
    from ..clock import sleep
    from ..event_loop import sigterm_interrupts

    lines, is_ready = _Lines(), False
    on_trace, on_note = lines.of(printing.attempted), lines.of(printing.noted)
    with sigterm_interrupts(), watched() as threads:
        try:
            with (
                local_service.run(options, on_trace, on_note) as local,
                credentials.shown(urlsplit(local.url).port or 80, local.identity) as file,
            ):
                is_ready = True  # the program that reads this may end it at once
                _tell_ready(local, options, file, as_json)
                lines.begin()
                while True:
                    sleep(LOOK_EVERY)
                    expect_whole((*local.parts, threads))
        except KeyboardInterrupt:
            if not is_ready:
                raise
            say("stopped", err=True)
        finally:
            printing.end()


class _Printing:
    """Keeps each attempt and prints its lines.

    All that it needs is loaded when it is made: later there may be no file more to open.
    """

    def __init__(self, log: Log, keeper: Keeper, as_json: bool, verbose: bool) -> None:
        from ..core.captures import sent_request
        from ..core.days import Days
        from ..core.json_texts import printed_json
        from ..reports.base import attempt_object
        from ..reports.terminal import AttemptLines, delivery_line

        self._log = log
        self._keeper = keeper
        self._sent = sent_request.of_attempt
        days = Days()
        self._lines = AttemptLines(
            shows_all=verbose, line=lambda trace, _: delivery_line(trace), days=days
        )
        self.noted = note_teller(log, days, as_json=as_json)
        self._as_json = (lambda each: printed_json.line(attempt_object(each))) if as_json else None

    def attempted(self, trace: Trace) -> None:
        """Take in one attempt that has ended."""
        if self._keeper.is_used:
            event_id = trace.attempt.delivery.signed.payload.events[0].id
            self._keeper.keep(self._sent(trace.attempt), trace.sent_at, event_id)
        self._write([self._as_json(trace)] if self._as_json else self._lines.of(trace))

    def end(self) -> None:
        """Print what was counted only, and how many requests could not be kept."""
        self._write(self._lines.rest())
        self._keeper.tell_lost()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._log.write(line)


class _Lines:
    """Tells what happens in the order in which it does; what happens before ``begin``, then.

    What was left over by an earlier run is under way before this one is ready.
    """

    def __init__(self) -> None:
        self._early: list[Callable[[], None]] | None = []
        self._lock = threading.Lock()

    def of(self, tell: Callable[[Told], None]) -> Callable[[Told], None]:
        """Return what tells one kind of thing; any thread may call it."""
        return lambda each: self._take(partial(tell, each))

    def _take(self, tell: Callable[[], None]) -> None:
        with self._lock:
            if self._early is None:
                tell()
            else:
                self._early.append(tell)

    def begin(self) -> None:
        with self._lock:
            early, self._early = self._early or [], None
            for tell in early:
                tell()


def _tell_ready(local: LocalService, options: Options, file: Path, as_json: bool) -> None:
    """Print what is needed next: on standard error for people, as the first line of JSON.

    Raises ``SettingError`` if that line cannot be printed: who asked for it waits for it.
    """
    ready = _ready(local, options, file)
    if as_json:
        from ..core.json_texts import printed_json

        _print_ready(printed_json.line(ready))
    else:
        say_lines(_ready_lines(printable_values(ready)), err=True)
    _warn_if_ahead(ready)
    warn_if_reachable(options.host)


def _warn_if_ahead(ready: dict[str, Any]) -> None:
    """Say that a clock that goes by itself goes on in the future, where its data was left."""
    if ready["clock"] == "manual" or ready["ahead"] < _NOTABLE:
        return
    from ..core.duration import spell

    ready = printable_values(ready)
    what = f"the clock is {spell(ready['ahead'])} ahead of the present"
    why = f"the one that was used with {ready['data']} before had been advanced"
    follows = f"events, attempts and tokens are dated {ready['now'][:10]}, as it shows"
    remedy = "name another folder with --data for the present, or go on with --clock manual"
    say(f"warning: {what}: {why}; {follows}; {remedy}", err=True)


def _print_ready(line: str) -> None:
    try:
        say(line)
    except OSError as error:
        reason = f"{NAME} does not take the line that says it is ready ({why_not(error)})"
        raise SettingError(f"{reason}; expected a program that reads it, or a file") from None


def _ready_lines(ready: dict[str, Any]) -> list[str]:
    lines = [
        f"events service: {click.style(ready['url'], bold=True)} (Ctrl-C ends it)",
        f"client id {ready['client_id']}, secret and token in {ready['credentials']}",
        f"{ready['clock']} clock: {ready['now']}, data in {ready['data']}",
        _next(ready["url"]),
    ]
    if ready["tls_port"] is not None:
        proxy = f", proxy on {ready['proxy_port']}" if ready["proxy_port"] is not None else ""
        lines.insert(1, f"as Adobe's hosts: HTTPS on port {ready['tls_port']}{proxy}")
    return lines


def _next(url: str) -> str:
    """Return what to type next in another terminal; it calls this service."""
    here = [] if url == DEFAULT_SERVICE else ["--service", url]
    register = shell_line("flowsim", "register", "--webhook", "3000", *here)
    return f"next: {register} && {shell_line('flowsim', 'trigger', 'partial', *here)}"


def _ready(local: LocalService, options: Options, file: Path) -> dict[str, Any]:
    from ..service import timekeeping

    own, clock = local.service.installation, timekeeping.read(local.service)
    return {
        "type": "ready",
        "url": local.url,
        "tls_port": local.tls_port,
        "proxy_port": local.proxy_port,
        "client_id": own.client_id,
        "org": own.org,
        "ims_org": own.ims_org,
        "project": own.project,
        "workspace": own.workspace,
        "credential_id": own.credential_id,
        "credentials": str(file),
        "data": str(options.data or ":memory:"),
        "clock": options.clock,
        "now": clock.now,
        "ahead": clock.ahead,
    }
