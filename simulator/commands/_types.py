"""What the values of options and arguments may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

T = TypeVar("T")


class Parsed(click.ParamType[T]):
    """A value that ``parse`` returns; the message of its ``ValueError`` is that of the mistake."""

    def parse(self, value: Any) -> T:
        """Return the value as it is used."""
        value_as_typed: T = value
        return value_as_typed

    def offered(self, incomplete: str) -> Iterable[str]:  # noqa: ARG002
        """Return words that a shell may offer, whether or not they begin as what is typed."""
        return ()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        try:
            return self.parse(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        words = self.offered(incomplete)
        return [CompletionItem(word) for word in words if word.startswith(incomplete)]


class Duration(Parsed[float]):
    """Seconds, written as ``30``, ``30s``, ``1m30s`` or ``500ms``."""

    name = "duration"

    def __init__(self, *, above_zero: bool = False) -> None:
        self._above_zero = above_zero

    def parse(self, value: Any) -> float:
        from ..core import duration

        try:
            seconds = duration.parse(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not {error}") from None
        if self._above_zero and not seconds:
            raise ValueError(f"{value!r} is not above zero")
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


class Speed(Parsed[str]):
    """A speed such as ``60x``, or one of some words, such as ``real``."""

    name = "clock"

    def __init__(self, *words: str) -> None:
        self._words = words

    def parse(self, value: Any) -> str:
        if value not in self._words and not self._is_speed(value):
            words = ", ".join(each for each in self._words if each != "60x")
            raise ValueError(f"{value!r} is neither {words} nor a speed such as 60x")
        return str(value)

    def _is_speed(self, value: str) -> bool:
        from ..runtime.clock import speed_of

        try:
            return speed_of(value) is not None
        except ValueError:
            return False

    def offered(self, incomplete: str) -> Iterable[str]:  # noqa: ARG002
        return self._words


class ClientId(Parsed[str]):
    """The client id of a recipient, as scenarios may have it."""

    name = "id"

    def parse(self, value: Any) -> str:
        from ..core.identifiers import CLIENT_ID, CLIENT_ID_WORDS

        if not re.fullmatch(CLIENT_ID, value):
            raise ValueError(f"{value!r}; expected {CLIENT_ID_WORDS}")
        return str(value)


class HostName(Parsed[str]):
    """A host name or an IP address, without a scheme and a port."""

    name = "name"

    def parse(self, value: Any) -> str:
        from ..core import served_hosts

        try:
            return served_hosts.parse(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is {error}") from None


class Folder(click.Path):
    """A folder to write to, which need not be there yet."""

    name = "folder"

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value):
            self.fail("an empty name; expected the name of a folder.", param, ctx)
        return super().convert(value, param, ctx)


class CheckNames(Parsed[str]):
    """Names of checks or groups, several with commas; they are looked up later."""

    name = "name"

    def offered(self, incomplete: str) -> Iterable[str]:
        from ..checks.catalogue import names
        from ..checks.check import GROUPS

        before, comma, _ = incomplete.rpartition(",")
        return (f"{before}{comma}{name}" for name in (*GROUPS, *names()))


class EventCode(Parsed[str]):
    """An event code, with or without its provider; the service knows which there are."""

    name = "code"

    def offered(self, incomplete: str) -> Iterable[str]:  # noqa: ARG002
        from ..families import registry

        return registry.event_codes()


class Seed(Parsed[int | str]):
    """A whole number, or ``random`` to draw one."""

    name = "n|random"

    def parse(self, value: Any) -> int | str:
        if value == "random":
            return "random"
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            raise ValueError(f"{value!r} is neither random nor a whole number below 10^18")
        return int(value)


class Setting(Parsed[tuple[str, str]]):
    """``KEY=VALUE``; the value is read as YAML."""

    name = "key=value"

    def parse(self, value: Any) -> tuple[str, str]:
        from ..scenario.amendment import split

        return split(str(value))

    def offered(self, incomplete: str) -> Iterable[str]:
        """Return the names of faults behind ``faults=``, ``[`` and commas."""
        from ..families.fault_catalogue import FAULTS

        if not incomplete.partition("=")[0].endswith("faults") or "=" not in incomplete:
            return ()
        end = max(map(incomplete.rfind, "=[, ")) + 1
        return (f"{incomplete[:end]}{name}" for name in FAULTS)


class ScenarioName(Parsed[str]):
    """A scenario file, the name of a shipped scenario, or ``-`` for standard input."""

    name = "scenario"

    def offered(self, incomplete: str) -> Iterable[str]:  # noqa: ARG002
        from ..scenario.files import shipped

        return shipped()

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        names = super().shell_complete(ctx, param, incomplete)
        return [*names, *click.Path().shell_complete(ctx, param, incomplete)]
