"""``flowsim check``: whether a webhook is correct."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..runtime.defaults import KEYS_PORT, SETTLE
from . import _last_object, _options
from ._output import say, say_waiting
from ._serving import Refusals, warn_if_reachable
from ._types import CheckNames, Duration

if TYPE_CHECKING:
    from ..checks.check import Check
    from ..checks.findings import Findings, Plan
    from ..reports.format_table import CheckFormat
    from ..reports.progress import CheckBar


@click.command()
@click.argument("url", required=False)
@click.option("--client-id", metavar="ID", help="The webhook's client id.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    type=CheckNames(),
    help="Only these checks or groups, separated by commas.",
)
@click.option(
    "--skip",
    multiple=True,
    metavar="NAME",
    type=CheckNames(),
    help="Leave out these checks or groups.",
)
@click.option(
    "own",
    "--checks",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="Add your own checks; flowsim schema --checks helps to write them.",
)
@click.option("as_list", "--list", is_flag=True, help="List the checks and do nothing.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Seed of all random values."
)
@click.option(
    "--processed",
    metavar="URL",
    help="A URL that answers with a number: how often {event_id} was processed.",
)
@click.option(
    "--settle",
    type=Duration(),
    metavar="S",
    help=f"Time to process an event after the answer.  [default: {SETTLE:g}s]",
)
@click.option(
    "delivery_format",
    "--format",
    type=click.Choice(["adobe_io", "cloud_events"]),
    default="adobe_io",
    show_default=True,
    help="The delivery format of the registration.",
)
@_options.formats("check")
@click.option("--strict", is_flag=True, help="Fail on checks of level 'should' too.")
@_options.wait("How long to wait for the webhook to listen.")
@_options.trust("the webhook's certificate")
@click.option(
    "keys_port",
    "--serve-keys",
    type=_options.PORTS,
    default=KEYS_PORT,
    metavar="PORT",
    show_default=True,
    help="Port that serves the public keys during the check.",
)
@_options.more_port(
    "--tls-port", "Port that serves them by HTTPS too, as static.adobeioevents.com."
)
@_options.more_port(
    "--proxy-port", "Port of a proxy that connects only to these keys, under Adobe's host names."
)
@_options.host("Address at which all of these listen and the webhook reaches them.")
@click.pass_context
def command(ctx: click.Context, /, as_list: bool, **arguments: Any) -> None:
    """Check whether a webhook handles everything that Adobe I/O Events may send.

    flowsim serves the public keys on a port of this machine. Configure the webhook to fetch them
    there. Exit code 0: the webhook passes all checks of level 'must'; 1: it fails one, or does
    not answer; 2: could not run, or --processed failed during the run; 130: stopped.

    \b
    flowsim check 3000/hook --client-id 0123456789abcdef0123456789abcdef
    flowsim check 3000 --only signature --processed 'http://localhost:3000/processed/{event_id}'
    flowsim check 3000 --strict --junit build/flowsim.xml --html build/flowsim.html
    """
    for name in ("only", "skip"):
        arguments[name] = _words(name, arguments[name])
    arguments["own"] = _own_checks(arguments["own"])
    _options.refuse_both(arguments["cacert"], arguments["insecure"])
    printed, files = _options.take_formats("check", arguments)
    if arguments["settle"] is not None and arguments["processed"] is None:
        raise click.UsageError("--settle works only with --processed; add --processed URL.")
    if as_list and (files or printed.listed is None):
        raise click.UsageError("--list runs no check, so there is no report to write.")
    if as_list:
        _list(arguments, printed)
        return
    if arguments["url"] is None:
        raise click.UsageError(
            "The webhook is missing: name 3000, :3000/hook, localhost:3000/hook or a URL."
        )
    _expect_no_file(arguments["url"])
    findings = _check(arguments, printed, files)
    ctx.exit(findings.exit_code)


def _expect_no_file(url: str) -> None:
    """Raise ``SettingError`` if a file or a folder is named in the place of the webhook."""
    from ..errors import SettingError

    try:
        is_file = url != "" and not url.isdecimal() and Path(url).exists()
    except (OSError, ValueError):  # too long a name, or with a zero byte
        is_file = False
    if is_file:
        raise SettingError(
            f"{url} is a file or a folder here; expected a webhook, such as 3000/hook "
            f"(http://{url} if it is a host); flowsim replay sends scenarios"
        )


def _own_checks(files: tuple[str, ...]) -> list[Check]:
    if not files:
        return []
    from ..checks.own_checks import read

    return read(files)


def _words(option: str, given: tuple[str, ...]) -> list[str]:
    words = [word for text in given for word in text.replace(",", " ").split()]
    if given and not words:  # as of a variable that is not set
        raise click.UsageError(f"--{option} names no check; flowsim check --list lists them.")
    return words


def _list(arguments: dict[str, Any], printed: CheckFormat) -> None:
    from ..checks.catalogue import select

    assert printed.listed is not None
    for line in printed.listed(select(arguments["only"], arguments["skip"], arguments["own"])):
        say(line, is_exact=bool(printed.help))


def _check(
    arguments: dict[str, Any], printed: CheckFormat, files: dict[Path, CheckFormat]
) -> Findings:
    """Run the checks and report them; raises ``SettingError`` if ``--processed`` failed."""
    from ..errors import SettingError
    from ..reports.files import write

    findings = _run(arguments, printed, files)
    _last_object.is_written_by_the_command()
    try:
        for text in printed.findings(findings):
            say(text, is_exact=bool(printed.help) or _is_command(text))
    finally:  # standard output may take no more of it
        for path, saved in files.items():
            write(path, "\n".join(saved.findings(findings)))
    if findings.problem and not findings.stopped:
        raise SettingError(
            "--processed did not answer for all events: the checks that need it are not judged"
        )
    return findings


def _run(
    arguments: dict[str, Any], printed: CheckFormat, files: dict[Path, CheckFormat]
) -> Findings:
    from ..checks.options import CheckOptions, Watcher, over_http
    from ..checks.run import run
    from ..core import targets
    from ..core.spec_values import RegistrationSpec
    from ..installation import trust
    from ..reports.files import expect_writable
    from ..runtime import defaults
    from ..runtime.event_loop import sigterm_interrupts

    url, wait = targets.parse_target(arguments.pop("url")), arguments.pop("wait")
    cacert, insecure = arguments.pop("cacert"), arguments.pop("insecure")
    tls = trust.of_target(url, cacert, insecure=insecure)
    arguments["client_id"] = arguments["client_id"] or RegistrationSpec().client_id
    arguments["processed"] = _template(arguments["processed"])
    options = CheckOptions(url, **arguments, tls=tls, trust=_trust_option(cacert, insecure))
    for path in files:
        expect_writable(path)
    display = _Display(printed, options.host)
    line = over_http(url, timeout=defaults.TIMEOUT, wait=wait, tls=tls, waits=say_waiting)
    with closing(display), sigterm_interrupts():
        return run(options, line, Watcher(display.begun, display.running, Refusals().warn))


def _is_command(line: str) -> bool:
    """Tell whether a line is there to be copied into a shell."""
    return click.unstyle(line).lstrip().startswith("again ")


def _trust_option(cacert: Path | None, insecure: bool) -> str:
    """Return the option that was given for the webhook's certificate, as a shell reads it."""
    from ..core.shell_words import quoted

    if cacert is not None:
        return f"--cacert {quoted(str(cacert))}"
    return "--insecure" if insecure else ""


def _template(text: str | None) -> str | None:
    """Return a URL with a place for the event id, completed as a target is."""
    from ..core import targets

    if text is None:
        return None
    if "{event_id}" not in text:
        raise click.BadParameter(
            "it does not contain {event_id}, as in http://localhost:3000/processed/{event_id}",
            param_hint="--processed",
        )
    place = "event-id-goes-here"
    return targets.parse_target(text.replace("{event_id}", place)).replace(place, "{event_id}")


class _Display:
    """Shows how far the checks have come, with a bar on a terminal."""

    def __init__(self, printed: CheckFormat, host: str) -> None:
        self._printed = printed
        self._host = host
        self._bar: CheckBar | None = None

    def begun(self, plan: Plan) -> None:
        for line in self._printed.plan(plan):
            say(line)
        warn_if_reachable(self._host)
        if sys.stderr.isatty():
            from ..reports.progress import CheckBar

            self._bar = CheckBar(len(plan.checks))

    def running(self, check: Check) -> None:
        if self._bar is not None:
            self._bar.running(check)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
