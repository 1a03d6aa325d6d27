"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ._output import warn

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..bootstrap import Story

F = TypeVar("F", bound=Callable[..., Any])


def completions(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    """Return what a shell offers of some words, once the beginning of one is typed."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


class Duration(click.ParamType[float]):
    """Seconds, written as ``30``, ``30s``, ``1m30s`` or ``500ms``."""

    name = "duration"

    def __init__(self, *, above_zero: bool = False) -> None:
        self._above_zero = above_zero

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        from ..core import duration

        try:
            seconds = duration.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} is not {error}.", param, ctx)
        if self._above_zero and not seconds:
            self.fail(f"{value!r} is no time at all.", param, ctx)
        return seconds


class Rate(click.FloatRange):
    """So many a second."""

    def __init__(self) -> None:
        super().__init__(0.001, 1e6)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        rate = float(super().convert(value, param, ctx))
        if rate != rate:  # noqa: PLR0124 - only "not a number" differs from itself
            self.fail(f"{value!r} is not a number.", param, ctx)
        return rate


class Clock(click.ParamType[str]):
    """``fast``, ``real``, or a speed such as ``60x``."""

    name = "clock"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..clock import speed_of

        try:
            speed_of(value)
        except ValueError:
            self.fail(f"{value!r} is neither fast, real nor a speed such as 60x.", param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        return completions(("fast", "real", "60x"), incomplete)


class ClientId(click.ParamType[str]):
    """The client id of a recipient, as scenarios may have it."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..core.identifiers import CLIENT_ID, CLIENT_ID_WORDS

        if not re.fullmatch(CLIENT_ID, value):
            self.fail(f"{value!r}; expected {CLIENT_ID_WORDS}.", param, ctx)
        return str(value)


class HostName(click.ParamType[str]):
    """A host name or an IP address, without a scheme and a port."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..core import served_hosts

        try:
            return served_hosts.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} is {error}.", param, ctx)


def name_option(function: F) -> F:
    """Add under which names, beside those of this machine, a command answers."""
    return click.option(
        "names",
        "--name",
        metavar="NAME",
        multiple=True,
        type=HostName(),
        help="Answer for this host name too, as in --name consumer; repeatable.",
    )(function)


class Folder(click.Path):
    """A folder to write to, which need not be there yet."""

    name = "folder"

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value):
            self.fail("an empty name; expected the name of a folder.", param, ctx)
        return super().convert(value, param, ctx)


class ServiceClock(click.ParamType[str]):
    """``real``, ``manual``, or a speed such as ``60x``."""

    name = "clock"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..clock import speed_of

        try:
            is_one = value == "manual" or speed_of(value) is not None
        except ValueError:
            is_one = False
        if not is_one:
            self.fail(f"{value!r} is neither real, manual nor a speed such as 60x.", param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        return completions(("real", "60x", "manual"), incomplete)


class CheckNames(click.ParamType[str]):
    """Names of checks or groups, several with commas; they are looked up later."""

    name = "name"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        from ..checks.catalogue import names
        from ..checks.check import GROUPS

        before, comma, last = incomplete.rpartition(",")
        found = (name for name in (*GROUPS, *names()) if name.startswith(last))
        return completions((f"{before}{comma}{name}" for name in found), incomplete)


class EventCode(click.ParamType[str]):
    """An event code, with or without its provider; the service knows which there are."""

    name = "code"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        from ..families import registry

        return completions(registry.event_codes(), incomplete)


def service_clock_option(function: F) -> F:
    """Add how time passes for the events service."""
    return click.option(
        "--clock",
        type=ServiceClock(),
        default="real",
        show_default=True,
        metavar="real|60x|manual",
        help="How time passes; a manual clock waits for flowsim advance.",
    )(function)


class Seed(click.ParamType[int | str]):
    """A whole number, or ``random`` to draw one."""

    name = "n|random"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        if value == "random":
            return "random"
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            self.fail(f"{value!r} is neither random nor a whole number below 10^18.", param, ctx)
        return int(value)


class Setting(click.ParamType[tuple[str, str]]):
    """``KEY=VALUE``; the value is read as YAML."""

    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        from ..core.amendment import split

        try:
            return split(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer the names of faults behind ``faults=``, ``[`` and commas."""
        from ..families.fault_catalogue import FAULTS

        if not incomplete.partition("=")[0].endswith("faults") or "=" not in incomplete:
            return []
        end = max(map(incomplete.rfind, "=[, ")) + 1
        return completions((f"{incomplete[:end]}{name}" for name in FAULTS), incomplete)


class ScenarioName(click.ParamType[str]):
    """A scenario file, the name of a shipped scenario, or ``-`` for standard input."""

    name = "scenario"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from ..reading.scenario_files import shipped

        names = completions(shipped(), incomplete)
        return [*names, *click.Path().shell_complete(ctx, param, incomplete)]


def scenario_arguments(function: F) -> F:
    """Add what says which story to tell."""
    options = [
        click.argument(
            "scenarios", metavar="SCENARIO...", nargs=-1, required=True, type=ScenarioName()
        ),
        click.option("--seed", type=Seed(), metavar="N|random", help="Another seed, or random."),
        click.option(
            "--at", metavar="TIME", help="The clock of the story, as in 2026-01-15T09:30:00Z."
        ),
        click.option("--fresh", is_flag=True, help="New event ids for the same story."),
        click.option(
            "settings",
            "--set",
            multiple=True,
            type=Setting(),
            help="Change the story, as in flow_run.records.failed=60.",
        ),
        click.option("--client-id", metavar="ID", help="The recipient's client id."),
        click.option(
            "--repeat",
            default=1,
            metavar="N",
            show_default=True,
            type=click.IntRange(1, 10**9),
            help="Tell the story so many times.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def open_stories(scenarios: tuple[str, ...], **told: Any) -> list[Story]:
    """Return the stories that ``scenario_arguments`` describe; all are read before any is told."""
    return list(map(story_opener(**told), scenarios))


def story_opener(
    *,
    seed: int | str | None,
    at: str | None,
    fresh: bool,
    settings: tuple[tuple[str, str], ...],
    client_id: str | None,
    repeat: int,
) -> Callable[[str], Story]:
    """Return how a scenario is opened that ``scenario_arguments`` name; options are read once.

    Its warnings are printed as it is opened.
    """
    from ..bootstrap import changes_of, open_story

    changes = list(changes_of(settings, seed, at, client_id))

    def opened(name: str) -> Story:
        story = open_story(name, changes=changes, fresh=fresh, passes=repeat)
        warn(story.warnings)
        return story

    return opened
