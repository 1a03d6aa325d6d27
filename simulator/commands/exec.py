"""``flowsim exec``: an events service for the life of one command."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.printable import printable
from . import _options
from ._options import option
from ._output import say, say_error
from ._stories import families_of, families_option, warn_of_own
from ._types import SCENARIO

if TYPE_CHECKING:
    from ..events_service.local_service import LocalService

CANNOT_RUN, NOT_FOUND = 126, 127
"""Exit codes of shells for a command that cannot be run, or is not found."""


@click.command(context_settings={"allow_interspersed_args": False})
@option(
    "scenarios --scenario SCENARIO",
    "Publish this scenario first; its events are in the journal at FLOWSIM_JOURNAL.",
    SCENARIO,
    multiple=True,
)
@families_option
@_options.service_clock
@option(
    "--data DIR",
    "Folder for the events; default: in memory, until the command ends.",
    click.Path(file_okay=False, path_type=Path),
)
@_options.trust("the webhooks' certificates")
@click.argument("words", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    scenarios: tuple[str, ...],
    families: tuple[Path, ...],
    words: tuple[str, ...],
    **options: Any,
) -> None:
    """Run a command with its own events service, which answers under Adobe's host names.

    The service listens on free ports and is ready before the command starts. Programs for Node,
    Python (requests, urllib, httpx, aiohttp with trust_env), Java and curl reach it under Adobe's
    host names, without changes. Their other HTTP requests are refused, and so are all other
    connections of Node programs. This machine and the hosts in NO_PROXY are exceptions.

    Exit code: the command's.

    \b
    flowsim exec -- npm test
    flowsim exec --scenario partial -- sh -c 'curl "$FLOWSIM_JOURNAL"'
    """
    _options.refuse_both(options["cacert"], options["insecure"])
    from ..events_service import local_service
    from ..events_service.service import ServiceOptions
    from ..scenario.files import read_text

    known = families_of(families)
    if families:
        warn_of_own(known)
    stories = [read_text(name, known) for name in scenarios]
    service = ServiceOptions(families=known)
    asked = local_service.LocalServiceOptions(tls_port=0, proxy_port=0, service=service, **options)
    with local_service.run(asked) as local:
        code = _run(words, _variables(local, stories))
        local.expect_whole()
    ctx.exit(code)


def variables(identity: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables for clients of a service; warn if NO_PROXY is shortened."""
    from ..adobe_clients import environment

    left_out = ", ".join(environment.left_out_hosts(os.environ))
    if left_out:
        without = f"NO_PROXY is passed on without {printable(left_out)}"
        say(f"warning: {without}: clients would bypass flowsim", err=True)
    return environment.of_service(identity, os.environ)


def _variables(local: LocalService, stories: list[tuple[str, str]]) -> dict[str, str]:
    from ..events_service.control.publishing_at_start import journal_path, publish_at_start

    found = variables(local.identity)
    if stories:
        registration = publish_at_start(local.service, stories)
        found["FLOWSIM_REGISTRATION"] = registration.registration_id
        found["FLOWSIM_JOURNAL"] = local.url + journal_path(local.service, registration)
    return found


def _run(words: tuple[str, ...], more: dict[str, str]) -> int:
    from ..core.system_reasons import reason_of
    from ..runtime.breakdowns import exhaustion

    if sys.platform == "win32":
        from ..adobe_clients.plain_command import run
    else:
        from ..adobe_clients.child_command import run

    try:
        return run(words, {**os.environ, **more})
    except OSError as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        missing = isinstance(error, FileNotFoundError)
        reason = "no such command" if missing else reason_of(error)
        name = words[0] or "''"
        say_error(f"{name}: {reason}")
        return NOT_FOUND if missing else CANNOT_RUN
