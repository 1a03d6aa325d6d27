"""``flowsim replay``: deliver stories to a webhook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..runtime import defaults
from . import _last_object, _options
from ._options import option
from ._output import fitted, say, say_waiting
from ._stories import STORY_PARAMETERS, captured_options, open_any, story_options
from ._types import SOME_TIME, Rate, clock

_MANY_EVENTS = 50
"""More events than this get a progress bar on a terminal."""

if TYPE_CHECKING:
    from ..delivery.story_runner import AnyStory
    from ..replay.run import ReplayOptions
    from ..reports.format_table import ReplayFormat, ReplayOutput
    from ..reports.replay_report import Report


@click.command()
@story_options
@option("--target URL", "Your webhook: 3000, :3000/hook, localhost:3000/hook or a URL.")
@_options.wait("How long to wait for the target to listen.")
@option(
    "--clock fast|real|60x",
    "fast skips waits, real keeps them, 60x makes them 60 times shorter.",
    clock("fast", "real", "60x"),
    default=defaults.CLOCK,
)
@option(
    "--concurrency N",
    "Most attempts at the same time.",
    click.IntRange(1, 20_000),
    default=defaults.CONCURRENCY,
)
@option("--rate N", "Attempts per second, at most.", Rate())
@option(
    "--timeout S",
    "Seconds for a whole attempt, connecting included.",
    SOME_TIME,
    default=defaults.TIMEOUT,
)
@option("--max-attempts N", "Give up earlier than after 24 hours.", click.IntRange(1))
@_options.trust("the webhook's certificate")
@_options.formats("replay")
@_options.verbose
@_options.save("Save every delivery in a new folder.")
@option(
    "--serve-keys PORT",
    f"Serve the public keys on 127.0.0.1 during the replay, on port {defaults.KEYS_PORT} if "
    "none is given.",
    click.IntRange(1, 65_535),
    is_flag=False,
    flag_value=defaults.KEYS_PORT,
)
@_options.name
@captured_options
@click.pass_context
def command(ctx: click.Context, /, verbose: bool, **arguments: Any) -> None:
    """Deliver the notifications of scenarios to a webhook.

    Without --target, flowsim starts a receiver that verifies every delivery. Exit code 0: every
    event met its expectation; 1: one did not; 2: could not run; 130: stopped.

    SCENARIO is a file, a shipped scenario or an event code. It may also be captured requests: a
    folder or file of flowsim receive --save, flowsim up --save or flowsim replay --save, or an
    HTTP archive (.har) of a browser or a proxy. They are sent again byte for byte, in the same
    order and with the same pauses. --resign signs them with the keys of flowsim, and --client-id
    then writes another recipient into the bodies.

    \b
    flowsim replay partial
    flowsim replay sources_flow_run_failed --set flow_run.stage=copy
    flowsim replay my.yaml --target 3000/hook --wait 30s --json
    flowsim replay incident.har --target 3000/hook --resign --client-id my-client-id
    """
    changes = {name: arguments.pop(name) for name in STORY_PARAMETERS}
    printed, files = _options.take_formats("replay", arguments)
    _options.refuse_both(arguments["cacert"], arguments["insecure"])
    from ..replay.run import run
    from ..reports.replay_report import Reports
    from ..runtime.event_loop import sigterm_interrupts

    with sigterm_interrupts(), ExitStack() as stack:  # reports end, however the replay ends
        stories, options = open_any(**changes), _settings(arguments)
        saved = [stack.enter_context(_saved(each, path)) for path, each in files.items()]
        output = stack.enter_context(_output(printed, stories, verbose))
        _last_object.is_written_by_the_command()
        summary = run(stories, options, Reports([printed.open(output), *saved]))
    ctx.exit(summary.exit_code)


@contextmanager
def _saved(chosen: ReplayFormat, path: Path) -> Iterator[Report]:
    """Yield a report that is written to a file at the end."""
    from ..reports.format_table import ReplayOutput
    from ..reports.writing import expect_writable, write

    expect_writable(path)
    lines: list[str] = []
    try:
        yield chosen.open(ReplayOutput(lines.append, _note))
    finally:
        write(path, "\n".join(lines))


@contextmanager
def _output(
    printed: ReplayFormat, stories: list[AnyStory], shows_all: bool
) -> Iterator[ReplayOutput]:
    """Yield the output of a report: on a terminal with a bar if there are many events."""
    from ..reports.format_table import ReplayOutput
    from ..reports.writing import LineWriter

    events = sum(story.event_count for story in stories)
    if printed.help:
        yield ReplayOutput(LineWriter(sys.stdout).write, _note)
    elif not sys.stdout.isatty() or events <= _MANY_EVENTS:
        yield ReplayOutput(say, _note, shows_all=shows_all)
    else:
        from ..reports.progress import ReplayBar

        stream = sys.stdout  # the bar puts another in its place, which has no encoding
        with closing(ReplayBar(events)) as bar:
            yield ReplayOutput(
                lambda line: bar.write(fitted(line, stream)), _note, bar.attempted, shows_all
            )


def _note(text: str) -> None:
    say(text, err=True)


def _settings(arguments: dict[str, Any]) -> ReplayOptions:
    from ..core import targets
    from ..replay.run import ReplayOptions

    url = arguments["target"]
    parsed = url if url is None else targets.parse_target(url)
    return ReplayOptions(**{**arguments, "target": parsed}, waits=say_waiting)
