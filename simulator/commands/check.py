"""``flowsim check``: whether a webhook is correct."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import _last_object, _options
from ._check_options import answers_from, check_options, expect_asked, expect_known_codes
from ._check_repeat import BaselineFile, given_options, take_again
from ._output import say, say_error, say_waiting, warn
from ._serving import Refusals, warn_if_reachable
from ._stories import families_of

if TYPE_CHECKING:
    from ..checks.check import Check
    from ..checks.findings import Findings, Plan
    from ..checks.options import Watcher
    from ..checks.pace import Pace
    from ..families.registry import Families
    from ..reports.format_table import CheckFormat
    from ..reports.progress import CheckBar


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed: the checks of ``--again``, all of the checks, or what matters of them."""

    again: Sequence[str]
    is_verbose: bool

    def lines(self, findings: Findings, printed: CheckFormat) -> Iterator[str]:
        if self.again and printed.repeated is not None:
            return printed.repeated(findings, self.again)
        if self.is_verbose and printed.verbose is not None:
            return printed.verbose(findings)
        return printed.findings(findings)


@click.command()
@click.argument("url", required=False)
@check_options
@click.pass_context
def command(ctx: click.Context, /, as_list: bool, **arguments: Any) -> None:
    """Check whether a webhook handles everything that Adobe I/O Events may send.

    flowsim serves the public keys on a port of this machine. Configure the webhook to fetch them
    there. Exit code 1: a failure counts, or the webhook does not answer; otherwise 130: stopped;
    2: nothing could be judged, --processed or --state failed, or flowsim could not run; 0: no
    failure counts.

    \b
    flowsim check 3000/hook --client-id 0123456789abcdef0123456789abcdef
    flowsim check 3000 --only signature --processed 'http://localhost:3000/processed/{event_id}'
    flowsim check 3000 --strict --junit build/flowsim.xml --html build/flowsim.html
    flowsim check 3000 --baseline flowsim-baseline.json --write-baseline
    """
    for name in ("only", "skip", "again"):
        arguments[name] = _words(name, arguments[name])
    shown = Shown(take_again(arguments), arguments.pop("verbose"))
    arguments["families"] = families_of(arguments["families"], [arguments["event"]])
    arguments["own"] = _own_checks(arguments["own"], arguments["families"])
    _options.refuse_both(arguments["cacert"], arguments["insecure"])
    printed, files = _options.take_formats("check", arguments)
    expect_asked(arguments)
    expect_known_codes(arguments)
    file = BaselineFile(arguments.pop("baseline"), arguments.pop("write_baseline"))
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
    own = [check.name for check in arguments["own"]]
    findings = _run(arguments, printed, files)
    findings = file.compared(replace(findings, options=given_options(ctx)), own)
    _report(findings, printed, files, shown)
    ctx.exit(findings.exit_code)


def _expect_no_file(url: str) -> None:
    """Raise ``SettingError`` if the address of the webhook is a file or a folder."""
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


def _own_checks(files: tuple[str, ...], families: Families) -> list[Check]:
    if not files:
        return []
    from ..checks.own_checks import read

    return read(files, families)


def _words(option: str, given: tuple[str, ...]) -> list[str]:
    words = [word for text in given for word in text.replace(",", " ").split()]
    if given and not words:  # as of a variable that is not set
        raise click.UsageError(f"--{option} names no check; flowsim check --list lists them.")
    return words


def _list(arguments: dict[str, Any], printed: CheckFormat) -> None:
    from ..checks.catalogue import select
    from ..checks.subject import subject_of

    assert printed.listed is not None
    subject = subject_of(arguments["event"], arguments["families"])
    chosen = select(arguments["only"], arguments["skip"], arguments["own"], thorough=True)
    for line in printed.listed([*filter(None, map(subject.suited, chosen))]):
        say(line, is_exact=bool(printed.help))


def _report(
    findings: Findings, printed: CheckFormat, files: dict[Path, CheckFormat], shown: Shown
) -> None:
    """Print the findings and write files; at last say if ``--processed`` or ``--state`` failed."""
    from ..reports.check_words import unanswered
    from ..reports.writing import write

    _last_object.is_written_by_the_command()
    try:
        for text in shown.lines(findings, printed):
            is_command = click.unstyle(text).lstrip().startswith("again ")  # to copy into a shell
            say(text, is_exact=bool(printed.help) or is_command)
    finally:  # standard output may take no more of it
        for path, saved in files.items():
            write(path, "\n".join(saved.findings(findings)))
    if findings.problem and not findings.stopped:
        said = " and ".join(unanswered(findings).values())
        say_error(f"{said}: the checks that need it are not judged")


def _run(
    arguments: dict[str, Any], printed: CheckFormat, files: dict[Path, CheckFormat]
) -> Findings:
    from ..checks.options import CheckOptions, over_http
    from ..checks.run import run
    from ..core import targets
    from ..core.spec_values import RegistrationSpec
    from ..installation import trust
    from ..reports.writing import expect_writable
    from ..runtime import defaults
    from ..runtime.event_loop import sigterm_interrupts

    url, wait = targets.parse_target(arguments.pop("url")), arguments.pop("wait")
    cacert, insecure = arguments.pop("cacert"), arguments.pop("insecure")
    tls = trust.of_target(url, cacert, insecure=insecure)
    arguments["client_id"] = arguments["client_id"] or RegistrationSpec().client_id
    _warn_of_journals(arguments["event"], arguments["families"])
    answers_from(arguments)
    options = CheckOptions(url, **arguments, tls=tls)
    for path in files:
        expect_writable(path)
    access = over_http(url, timeout=defaults.TIMEOUT, wait=wait, tls=tls, waits=say_waiting)
    with ExitStack() as stack, sigterm_interrupts():
        return run(options, access, _watcher(printed, options.host, stack))


def _warn_of_journals(code: str | None, families: Families) -> None:
    """Warn of an event code that Adobe delivers to journals only: no webhook gets its events."""
    from ..families.base import to_journals_only

    family = families.by_code(code) if code else None
    if family is not None and family.journal_only:
        warn([f"--event {code}: {to_journals_only(family)}; a webhook gets none of these events"])


def _watcher(printed: CheckFormat, host: str, stack: ExitStack) -> Watcher:
    """Return callbacks that print the plan, and show the progress in a bar on a terminal."""
    from ..checks.options import Watcher

    bars: list[CheckBar] = []

    def begun(plan: Plan) -> None:
        for line in printed.plan(plan):
            say(line)
        warn_if_reachable(host)
        if sys.stderr.isatty():
            from ..reports.progress import CheckBar

            bars.append(stack.enter_context(closing(CheckBar(len(plan.checks)))))

    def running(check: Check) -> None:
        for bar in bars:
            bar.running(check)

    def measured(pace: Pace, seconds: float) -> None:
        if printed.pace is not None:
            say(printed.pace(pace, seconds))

    return Watcher(begun, measured, running, Refusals().warn)
