"""Types of options and arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..runtime.defaults import TIMEOUT

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Parsed(click.ParamType[Any]):
    """A value as a function returns it; the message of its ``ValueError`` is what the user reads.

    ``name`` is the type in the help. ``offered`` returns the words that a shell may offer
    after the typed characters. With ``or_file`` it offers files too.
    """

    def __init__(
        self,
        name: str,
        parse: Callable[[Any], Any] = lambda value: value,
        offered: Callable[[str], Iterable[str]] = lambda _: (),
        *,
        or_file: bool = False,
    ) -> None:
        self.name = name
        self._parse = parse
        self._offered = offered
        self._or_file = or_file

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        words = [each for each in self._offered(incomplete) if each.startswith(incomplete)]
        files = click.Path().shell_complete(ctx, param, incomplete) if self._or_file else []
        return [*map(CompletionItem, words), *files]


def _parsed(parse: Callable[[Any], Any], value: Any, verb: str = "is not") -> Any:
    """Return a parsed value; an error message begins with the text that was typed."""
    try:
        return parse(value)
    except ValueError as error:
        raise ValueError(f"{value!r} {verb} {error}") from None


def _duration(value: Any) -> float:
    from ..core import duration

    return float(_parsed(duration.parse, value))


def _some_time(value: Any) -> float:
    if not (seconds := _duration(value)):
        raise ValueError(f"{value!r} is not above zero")
    return seconds


def _attempt_time(value: Any) -> float:
    if (seconds := _some_time(value)) > TIMEOUT:
        raise ValueError(f"{value!r} is longer than Adobe waits, which is {TIMEOUT:g}s")
    return seconds


DURATION = Parsed("duration", _duration)
"""Seconds, written as ``30``, ``30s``, ``1m30s`` or ``500ms``."""

SOME_TIME = Parsed("duration", _some_time)
"""The same, above zero."""

ATTEMPT_TIME = Parsed("duration", _attempt_time)
"""The same, at most what Adobe waits for an answer."""


class Rate(click.FloatRange):
    """A number per second, above 0."""

    def __init__(self) -> None:
        super().__init__(0.001, 1e6)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        rate = float(super().convert(value, param, ctx))
        if rate != rate:  # noqa: PLR0124 - only "not a number" differs from itself
            self.fail(f"{value!r} is not a number.", param, ctx)
        return rate


def clock(*words: str) -> Parsed:
    """Return the type of a clock: one of ``words``, or a speed such as ``60x``."""

    def parse(value: Any) -> str:
        from ..runtime.clock import speed_of

        try:
            is_known = value in words or speed_of(value) is not None
        except ValueError:
            is_known = False
        if not is_known:
            named = ", ".join(each for each in words if each != "60x")
            raise ValueError(f"{value!r} is neither {named} nor a speed such as 60x")
        return str(value)

    return Parsed("clock", parse, lambda _: words)


def _client_id(value: Any) -> str:
    from ..core.identifiers import CLIENT_ID, CLIENT_ID_WORDS

    if not re.fullmatch(CLIENT_ID, value):
        raise ValueError(f"{value!r}; expected {CLIENT_ID_WORDS}")
    return str(value)


CLIENT_ID = Parsed("id", _client_id)
"""The client id of a recipient, as scenarios may have it."""


def _host_name(value: Any) -> str:
    from ..core import served_hosts

    return str(_parsed(served_hosts.parse, value, "is"))


HOST_NAME = Parsed("name", _host_name)
"""A host name or an IP address, without a scheme and a port."""


def _folder(value: Any) -> Path:
    if not str(value):
        raise ValueError("an empty name; expected the name of a folder")
    return Path(value)


FOLDER = Parsed("folder", _folder, or_file=True)
"""A folder; one to write to need not be there yet."""


def _offered_checks(incomplete: str) -> Iterable[str]:
    from ..checks.catalogue import names
    from ..checks.groups import groups

    before, comma, _ = incomplete.rpartition(",")
    return (f"{before}{comma}{name}" for name in (*groups(), *names()))


CHECK_NAMES = Parsed("name", offered=_offered_checks)
"""Names of checks or groups, several with commas; they are looked up later."""


def _offered_codes(_: str) -> Iterable[str]:
    from ..families import registry

    return registry.shipped().event_codes()


EVENT_CODE = Parsed("code", offered=_offered_codes)
"""An event code, with or without its provider; the service knows which there are."""


def _offered_families(_: str) -> Iterable[str]:
    from ..families import registry

    return registry.shipped()


FAMILY = Parsed("name", offered=_offered_families)
"""The name of a family; it is looked up later."""


def _seed(value: Any) -> int | str:
    if value == "random":
        return "random"
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise ValueError(f"{value!r} is neither random nor a whole number below 10^18")
    return int(value)


SEED = Parsed("n|random", _seed)
"""A whole number, or ``random`` to draw one."""


def _setting(value: Any) -> tuple[str, str]:
    from ..scenario.amendment import split

    return split(str(value))


def _offered_faults(incomplete: str) -> Iterable[str]:
    """Return the names of faults behind ``faults=``, ``[`` and commas."""
    from ..families.registry import FAULTS

    if not incomplete.partition("=")[0].endswith("faults") or "=" not in incomplete:
        return ()
    end = max(map(incomplete.rfind, "=[, ")) + 1
    return (f"{incomplete[:end]}{name}" for name in FAULTS)


SETTING = Parsed("key=value", _setting, _offered_faults)
"""``KEY=VALUE``; the value is read as YAML."""


def _offered_scenarios(_: str) -> Iterable[str]:
    from ..families import registry
    from ..scenario.files import shipped

    return (*shipped(), *registry.shipped().event_codes())


CAPTURES = Parsed("file", or_file=True)
"""Captured requests, or the body of one."""

SCENARIO = Parsed("scenario", offered=_offered_scenarios, or_file=True)
"""A scenario file, a shipped scenario's name, an event code, or ``-`` for standard input."""


def _path_pattern(value: Any) -> Any:
    from ..captures.json_path import Pattern

    return _parsed(Pattern.parse, str(value))


PATH_PATTERN = Parsed("path", _path_pattern)
"""A pattern such as ``event.errors[0].code`` or ``**.event_id``."""
