"""What the values of options and arguments may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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


class Speed(click.ParamType[str]):
    """A speed such as ``60x``, or one of some words, such as ``real``."""

    name = "clock"

    def __init__(self, *words: str) -> None:
        self._words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self._words and not self._is_speed(value):
            words = ", ".join(each for each in self._words if each != "60x")
            self.fail(f"{value!r} is neither {words} nor a speed such as 60x.", param, ctx)
        return str(value)

    def _is_speed(self, value: str) -> bool:
        from ..clock import speed_of

        try:
            return speed_of(value) is not None
        except ValueError:
            return False

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        return completions(self._words, incomplete)


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


class Folder(click.Path):
    """A folder to write to, which need not be there yet."""

    name = "folder"

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value):
            self.fail("an empty name; expected the name of a folder.", param, ctx)
        return super().convert(value, param, ctx)


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
