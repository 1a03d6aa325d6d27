"""The options of ``flowsim check``, and what they say about the webhook's data."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from ..runtime.defaults import KEYS_PORT, SETTLE, TIME_LIMIT
from . import _options
from ._check_repeat import repeat_options
from ._options import PORTS, added, flag, option
from ._stories import families_option
from ._types import CHECK_NAMES, DURATION, EVENT_CODE

if TYPE_CHECKING:
    from ..checks.asking import Command

_SHELLS = ("sh", "bash", "dash", "ksh", "zsh")

_ANSWERS = {"processed": "event_id", "state": "run_id"}
"""What is asked of the webhook's data → the placeholder of the id in the question."""

check_options = added(
    option("--client-id ID", "The webhook's client id."),
    option(
        "--only NAME",
        "Only these checks or groups, separated by commas.",
        CHECK_NAMES,
        multiple=True,
    ),
    option("--skip NAME", "Leave out these checks or groups.", CHECK_NAMES, multiple=True),
    option(
        "own --checks FILE",
        "Add your own checks; flowsim schema --checks helps to write them.",
        click.Path(),
        multiple=True,
    ),
    families_option,
    flag("as_list --list", "List the checks and do nothing."),
    option("--seed N", "Seed of all random values.", click.IntRange(0, 2**63 - 1)),
    flag("--thorough", "Look further, and take longer."),
    option(
        "--time-limit S",
        f"Time for everything; what does not fit is not judged.  [default: {TIME_LIMIT:g}s]",
        DURATION,
        default=TIME_LIMIT,
        show_default=False,
    ),
    option(
        "--processed URL", "A URL that answers with a number: how often {event_id} was processed."
    ),
    option(
        "--processed-command CMD",
        "A command that prints that number, in the place of --processed; it runs without a shell.",
    ),
    option(
        "--state URL",
        "A URL that answers with what is known of {run_id}: JSON with status, records, failed, "
        "started and ended.",
    ),
    option("--state-command CMD", "A command that prints it, in the place of --state."),
    option(
        "--ignores CODE",
        "Events with this code are acknowledged and left out on purpose; repeatable.",
        multiple=True,
    ),
    option("--restart CMD", "A command that restarts the webhook, and ends when it did."),
    option(
        "--settle S",
        f"Time to process an event after the answer.  [default: {SETTLE:g}s]",
        DURATION,
    ),
    option(
        "delivery_format --format",
        "The delivery format of the registration; if left out, that of the events.",
        ["adobe_io", "cloud_events"],
    ),
    option(
        "event --event CODE",
        "Send events with this code: any of flowsim events.  [default: those of flow runs]",
        EVENT_CODE,
    ),
    _options.formats("check"),
    repeat_options,
    flag("--strict", "Fail on checks of level 'should' too."),
    flag("--require-judged", "Fail if a check of level 'must' cannot be judged."),
    _options.wait("How long to wait for the webhook to listen."),
    _options.trust("the webhook's certificate"),
    option(
        "keys_port --serve-keys PORT",
        "Port that serves the public keys during the check.",
        PORTS,
        default=KEYS_PORT,
    ),
    option(
        "--tls-port PORT",
        "Port that serves the public keys by HTTPS, as static.adobeioevents.com.",
        PORTS,
    ),
    option(
        "--proxy-port PORT",
        "Port of a proxy that leads Adobe's hosts to the key host, and nowhere else.",
        PORTS,
    ),
    _options.host("Address at which key host and proxy listen and the webhook reaches them."),
)
"""All options of the command, in the order of its help."""


def expect_asked(arguments: dict[str, Any]) -> None:
    """Raise ``UsageError`` for options that need answers of the webhook's, if none are asked for.

    These are ``--settle``, which waits for them, and ``--ignores``, which names events that are not
    asked for.
    """
    options = [name for each in _ANSWERS for name in (each, f"{each}_command")]
    if any(arguments[name] for name in options):
        return
    *others, last = (f"--{name.replace('_', '-')}" for name in options)
    for name in ("settle", "ignores"):
        if arguments[name] not in (None, ()):
            raise click.UsageError(
                f"--{name} works only with {', '.join(others)} or {last}; add --processed URL."
            )


def expect_known_codes(arguments: dict[str, Any]) -> None:
    """Raise ``SettingError`` if ``--ignores`` names a code that no event has."""
    from ..checks.ignoring import expect_known

    expect_known(*(arguments[name] for name in ("ignores", "event", "families", "own")))


def answers_from(arguments: dict[str, Any]) -> None:
    """Replace the texts of the options by what is asked: a URL, or a command."""
    for name, place in _ANSWERS.items():
        url, command = arguments[name], arguments.pop(f"{name}_command")
        if url is not None and command is not None:
            raise click.UsageError(f"--{name} and --{name}-command exclude each other.")
        asked = _template(name, place, url)
        arguments[name] = asked or _command(f"{name}-command", command, place)
    arguments["restart"] = _command("restart", arguments["restart"])


def _template(name: str, place: str, text: str | None) -> str | None:
    """Return a URL that is completed like a target; the placeholder of the id stays in it."""
    from ..checks.asking import EXAMPLES, question

    if text is None:
        return None
    try:
        return question(text, place, EXAMPLES[name])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=f"--{name}") from None


def _command(option: str, text: str | None, place: str = "") -> Command | None:
    """Return a command in words; raises ``BadParameter`` if it has none, or no placeholder."""
    from ..checks.asking import Command

    if text is None:
        return None
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}", param_hint=f"--{option}") from None
    if not words:
        raise click.BadParameter("it is empty", param_hint=f"--{option}")
    if place and (problem := _problem_of_place(words, f"{{{place}}}")):
        raise click.BadParameter(problem, param_hint=f"--{option}")
    return Command(tuple(words))


def _problem_of_place(words: list[str], place: str) -> str:
    """Return what is wrong with the place of an id, which may be of unknown origin."""
    if not any(place in word for word in words):
        return f"it does not contain {place}"
    if place in words[0]:
        return f"{place} is the program; expected a program that gets it as an argument"
    program, script = PurePath(words[0]).name, words[1:2] == ["-c"] and words[2]
    if program in _SHELLS and script and place in script:
        quoted = f"{program} -c 'count \"$1\"' {program} {place}"
        return f"{place} is a part of a script, where an id can do anything; expected {quoted}"
    return ""
