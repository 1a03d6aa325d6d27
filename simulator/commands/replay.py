"""``flowsim replay``: tell stories to a webhook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from .. import defaults
from . import _last_object
from ._options import Clock, Duration, Folder, Rate, name_option, scenario_arguments
from ._output import fitted, say, say_waiting
from ._told import TOLD, captured_options, open_told
from ._trust import refuse_both, trust_options

_MANY_EVENTS = 50
"""More events than this get a progress bar on a terminal."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.summary import Summary
    from ..delivery.story_runner import AnyStory
    from ..replay.run import ReplayOptions
    from ..reports.base import Report


@click.command()
@scenario_arguments
@click.option(
    "--target",
    metavar="URL",
    help="Your webhook: 3000, :3000/hook, localhost:3000/hook or a URL.",
)
@click.option(
    "--wait",
    metavar="S",
    type=Duration(),
    default=0.0,
    help="How long to wait for the target to listen.",
)
@click.option(
    "--clock",
    type=Clock(),
    default=defaults.CLOCK,
    show_default=True,
    metavar="fast|real|60x",
    help="Skip waits, keep them, or keep them shortened.",
)
@click.option(
    "--concurrency",
    default=defaults.CONCURRENCY,
    metavar="N",
    show_default=True,
    type=click.IntRange(1, 20_000),
    help="Attempts under way at once.",
)
@click.option(
    "--rate",
    metavar="N",
    type=Rate(),
    help="Attempts per second, at most.",
)
@click.option(
    "--timeout",
    type=Duration(above_zero=True),
    default=defaults.TIMEOUT,
    metavar="S",
    show_default=True,
    help="Seconds for a whole attempt, connecting included.",
)
@click.option(
    "--max-attempts",
    metavar="N",
    type=click.IntRange(1),
    help="Give up earlier than after 24 hours.",
)
@trust_options("the webhook's certificate")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, the summary last.")
@click.option("--verbose", is_flag=True, help="Print every attempt, however often it fails alike.")
@click.option("--save", type=Folder(), metavar="DIR", help="Keep every delivery, in a new folder.")
@click.option(
    "--serve-keys",
    type=click.IntRange(1, 65_535),
    is_flag=False,
    flag_value=defaults.KEYS_PORT,
    metavar="PORT",
    help=f"Serve the public keys on 127.0.0.1 meanwhile, on port {defaults.KEYS_PORT} if none "
    "is named.",
)
@name_option
@captured_options
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, verbose: bool, **arguments: Any) -> None:
    """Deliver the notifications of scenarios to a webhook.

    Without --target a receiver is started that verifies every delivery.
    Exit code 0: every event met its expectation; 1: one did not; 2: could not run; 130: stopped.

    SCENARIO may also be captured requests: a folder or file of flowsim receive --save, flowsim
    up --save or flowsim replay --save, or an HTTP archive (.har) of a browser or a proxy. They
    are sent again byte for byte, in their order, with the pauses they had. --resign signs them
    with the keys of flowsim, and --client-id then writes another recipient into the bodies.

    \b
    flowsim replay partial
    flowsim replay my.yaml --target 3000/hook --wait 30s --json
    flowsim replay incident.har --target 3000/hook --resign --client-id my-client-id
    """
    told = {name: arguments.pop(name) for name in TOLD}
    refuse_both(arguments["cacert"], arguments["insecure"])
    if as_json:
        summary = _replay_as_json(told, arguments)
    else:
        summary = _replay_for_reading(told, arguments, verbose)
    ctx.exit(summary.exit_code)


def _replay_as_json(told: dict[str, Any], arguments: dict[str, Any]) -> Summary:
    """Replay with JSON lines, of which the summary is the last, however it ends."""
    from ..event_loop import sigterm_interrupts
    from ..line_writer import LineWriter
    from ..replay.run import run
    from ..reports.json_lines import JsonLines

    with sigterm_interrupts():
        report = JsonLines(LineWriter(sys.stdout).write, lambda text: say(text, err=True))
        stories, options = open_told(**told), _options(arguments)
        _last_object.is_written_by_the_command()
        return run(stories, options, report)


def _replay_for_reading(
    told: dict[str, Any], arguments: dict[str, Any], shows_all: bool
) -> Summary:
    from ..event_loop import sigterm_interrupts
    from ..replay.run import run

    with sigterm_interrupts():
        stories, options = open_told(**told), _options(arguments)
        report, stop = _terminal(stories, shows_all)
        try:
            return run(stories, options, report)
        finally:
            stop()


def _terminal(stories: list[AnyStory], shows_all: bool) -> tuple[Report, Any]:
    """Return a report, with a bar on a terminal if there are many events, and how to end it."""
    from ..reports.terminal import Terminal

    events = sum(story.event_count for story in stories)
    if not sys.stdout.isatty() or events <= _MANY_EVENTS:
        return Terminal(say, shows_all=shows_all), lambda: None
    from ..reports.progress import ProgressBar

    stream = sys.stdout  # the bar puts another in its place, which tells no encoding
    bar = ProgressBar(events)
    return Terminal(_folding_for(bar.write, stream), bar.attempted, shows_all=shows_all), bar.stop


def _folding_for(write: Callable[[str], None], stream: TextIO) -> Callable[[str], None]:
    return lambda line: write(fitted(line, stream))


def _options(arguments: dict[str, Any]) -> ReplayOptions:
    from ..core import target
    from ..replay.run import ReplayOptions

    url = arguments["target"]
    parsed = url if url is None else target.parse(url)
    return ReplayOptions(**{**arguments, "target": parsed}, waits=say_waiting)
