"""``flowsim up``: the events service."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from ..core.printable import printable_values
from . import _options
from ._dashboard import open_option, open_pages
from ._options import PORTS, flag, option
from ._output import say
from ._service import DEFAULT_SERVICE, shell_line
from ._service_log import EarlyCalls, ServiceLog
from ._serving import Log, announce, serving, warn_if_reachable
from ._stories import families_of, families_option, warn_of_own
from ._types import FOLDER

if TYPE_CHECKING:
    from ..events_service.local_service import LocalService, LocalServiceOptions

_IDENTITY = ("client_id", "org", "ims_org", "project", "workspace", "credential_id")
_NOTABLE = 1.0
"""From this difference on, in seconds, a clock ahead of the present is warned of."""


@click.command()
@_options.port(4010)
@option(
    "--tls-port PORT",
    "Port for HTTPS under Adobe's host names; flowsim certs prints the authority to trust.",
    PORTS,
)
@option(
    "--proxy-port PORT",
    "Port of a proxy that connects only to the TLS port, under Adobe's host names.",
    PORTS,
)
@_options.host()
@option("--data DIR|:memory:", "Folder for the events; default: events in your data folder.")
@families_option
@option("--scenarios DIR", "Show the scenarios in this folder in the dashboard too.", FOLDER)
@_options.service_clock
@flag("--strict", "Accept only the service's own tokens and api keys.")
@option(
    "targets --allow-target HOST|CIDR",
    "Allow webhooks at this host or network too, not only on this machine.",
    multiple=True,
)
@_options.trust("the webhooks' certificates")
@_options.as_json("Print one JSON object per line.")
@_options.verbose
@_options.save("Save every attempt exactly as sent, in files that only you can read.")
@open_option
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
    """Run Adobe I/O Events locally: registrations, journals, deliveries and their retries.

    It prints one line for each attempt at a delivery, and for each save, challenge and change of
    status of a registration. If many attempts fail in the same way, it prints the first, a count
    and the last; --verbose prints all. Ctrl-C, SIGTERM or closing the terminal (SIGHUP, unless
    started with nohup) stops it. Unfinished deliveries go on at the next start. flowsim replay DIR
    sends again what --save has saved.

    \b
    flowsim up
    flowsim up --clock manual --data :memory:
    flowsim up --tls-port 4443 --proxy-port 4480
    """
    _options.refuse_both(place["cacert"], place["insecure"])
    from ..captures.files import RequestFolder
    from ..events_service import local_service
    from ..events_service.service import ServiceOptions
    from ..installation import settings
    from ..scenario.folder import ScenarioFolder

    if data == "":
        raise click.UsageError("--data is empty; name a folder, or leave --data out.")
    if (scenarios := place.pop("scenarios")) is not None:
        ScenarioFolder(scenarios).expect_folder()
    is_opened = place.pop("is_opened")
    families = families_of(place.pop("families"))
    warn_of_own(families)
    folder = Path(data) if data else settings.made_home() / "events"
    options = local_service.LocalServiceOptions(
        data=None if data == ":memory:" else folder,
        clock=clock,
        service=ServiceOptions(strict, targets=targets, families=families),
        **place,
    )
    log = Log(RequestFolder(save) if save else None, as_json=as_json)
    service_log = ServiceLog(log, families, as_json=as_json, verbose=verbose)
    _serve(options, as_json, service_log, scenarios, is_opened=is_opened)


def _serve(
    options: LocalServiceOptions,
    as_json: bool,
    log: ServiceLog,
    scenarios: Path | None,
    *,
    is_opened: bool,
) -> None:
    """Serve until Ctrl-C; raises ``FlowsimError`` if it cannot, or cannot go on."""
    from ..dashboard import service_dashboard
    from ..events_service import local_service
    from ..installation import credentials

    early = EarlyCalls()
    on_trace, on_note = early.of(log.attempted), early.of(log.noted)
    with serving() as command, contextlib.ExitStack() as stack:
        stack.callback(log.end)
        pages = partial(service_dashboard.pages, scenario_folder=scenarios)
        running = local_service.run(options, on_trace, on_note, pages)
        local = stack.enter_context(running)
        port = urlsplit(local.url).port or 80
        ready = _ready(
            local, options, stack.enter_context(credentials.written(port, local.identity))
        )
        ready["dashboard"] = service_dashboard.access(local.service).address(local.url)
        command.is_ready = True  # the program that reads the next line may end it at once
        announce(ready, _ready_lines(printable_values(ready)), as_json=as_json)
        if is_opened:
            open_pages(ready["dashboard"])
        _warn_if_ahead(ready)
        warn_if_reachable(options.host)
        early.begin()
        command.go_on(*local.parts)


def _warn_if_ahead(ready: dict[str, Any]) -> None:
    """Warn if a running clock is in the future, because its data folder ended there."""
    if ready["clock"] == "manual" or ready["ahead"] < _NOTABLE:
        return
    from ..core.duration import spell

    ready = printable_values(ready)
    what = f"the clock is {spell(ready['ahead'])} ahead of the present"
    why = f"the one that was used with {ready['data']} before had been advanced"
    follows = f"events, attempts and tokens are dated {ready['now'][:10]}, as this clock shows"
    remedy = "name another folder with --data for the present, or go on with --clock manual"
    say(f"warning: {what}: {why}; {follows}; {remedy}", err=True)


def _ready_lines(ready: dict[str, Any]) -> Iterator[str]:
    yield f"events service: {click.style(ready['url'], bold=True)} (Ctrl-C ends it)"
    if ready["tls_port"] is not None:
        proxy = f", proxy on {ready['proxy_port']}" if ready["proxy_port"] is not None else ""
        yield f"as Adobe's hosts: HTTPS on port {ready['tls_port']}{proxy}"
    yield f"dashboard: {ready['dashboard']}"
    yield f"client id {ready['client_id']}, secret and token in {ready['credentials']}"
    yield f"for your webhook: CLIENT_ID={ready['client_id']} KEY_HOST={ready['url']}"
    yield f"{ready['clock']} clock: {ready['now']}, data in {ready['data']}"
    here = [] if ready["url"] == DEFAULT_SERVICE else ["--service", ready["url"]]
    register = shell_line("flowsim", "register", "--webhook", "3000", *here)
    yield f"next: {register} && {shell_line('flowsim', 'trigger', 'partial', *here)}"


def _ready(local: LocalService, options: LocalServiceOptions, file: Path) -> dict[str, Any]:
    from ..events_service.control import timekeeping

    own, clock = local.service.installation, timekeeping.read(local.service)
    return {
        "type": "ready",
        "url": local.url,
        "tls_port": local.tls_port,
        "proxy_port": local.proxy_port,
        **{name: getattr(own, name) for name in _IDENTITY},
        "credentials": str(file),
        "data": str(options.data or ":memory:"),
        "clock": options.clock,
        "now": clock.now,
        "ahead": clock.ahead,
    }
