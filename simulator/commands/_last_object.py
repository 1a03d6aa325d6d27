"""The last object of ``--json``: it is printed also if a command fails."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import click


@dataclass(slots=True)
class _Call:
    """The command line that is run, and whether the command has written its last object itself."""

    group: click.Group | None = None
    words: Sequence[str] = field(default_factory=list)
    is_written: bool = False


_call = _Call()


def begin(group: click.Group, words: Sequence[str] | None) -> None:
    """Remember a command line; it is that of the process if ``words`` is None."""
    global _call  # noqa: PLW0603 - one command line is run at a time
    _call = _Call(group, sys.argv[1:] if words is None else words)


def is_written_by_the_command() -> None:
    """Note that from now on the command writes its last object itself, also if it fails."""
    _call.is_written = True


def write(error: str, exit_code: int) -> None:
    """Write the last object of a command that failed, if its command line has ``--json``."""
    if _call.is_written or not is_asked_for():
        return
    _call.is_written = True
    from ._output import say

    try:
        line = _line(click.unstyle(error), exit_code)
    except (OSError, MemoryError, ImportError):  # there may be no memory for a library
        line = _plain_line(click.unstyle(error), exit_code)
    with contextlib.suppress(OSError, MemoryError):  # standard output may take no more
        say(line, is_exact=True)


def _line(error: str, exit_code: int) -> str:
    from ..core import json_writing

    ending = {"ok": False, "error": error, "exit_code": exit_code}
    return json_writing.one_line(_empty_summary() | ending)


def _plain_line(error: str, exit_code: int) -> str:
    """Return the last object without any library; only quotes and backslashes are escaped."""
    said = error.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{"type": "summary", "ok": false, "error": "{said}", "exit_code": {exit_code}}}'


def is_asked_for() -> bool:
    """Return whether the command line has ``--json``, and its command has this option.

    A command that cannot be loaded, as without memory, counts as one that has it.
    """
    words = [*_call.words]
    own = words[: words.index("--")] if "--" in words else words
    if "--json" not in own:
        return False
    try:
        return any(map(_takes_json, _commands(own)))
    except (OSError, MemoryError, ImportError):
        return True


def _commands(words: Sequence[str]) -> Iterator[click.Command]:
    """Yield the command that words name, and the subcommand if they name one."""
    command: click.Command | None = _call.group
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            named = command.get_command(click.Context(command), word)
            if named is not None:
                command = named
                yield named


def _takes_json(command: click.Command) -> bool:
    return any("--json" in each.opts for each in command.params if isinstance(each, click.Option))


def _empty_summary() -> dict[str, Any]:
    """Return the summary object of a command that has sent nothing."""
    name = next((word for word in _call.words if not word.startswith("-")), "")
    if name == "replay":
        from ..delivery.summary import Summary
        from ..reports.replay_report import summary_object

        has_target = any(word.partition("=")[0] == "--target" for word in _call.words)
        return summary_object(Summary(judged=not has_target), 0.0)
    if name == "check":
        from ..reports.formats.json import empty_check_summary

        return empty_check_summary()
    return {"type": "summary"}
