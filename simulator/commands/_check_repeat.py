"""Checks once more: ``--again``, and failures that a baseline knows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..core.printable import printable
from ._options import added, flag, option
from ._output import say, warn
from ._types import CHECK_NAMES

if TYPE_CHECKING:
    from ..checks.baseline import Baseline
    from ..checks.findings import Findings

_REPEATED = {
    *("client_id", "own", "families", "delivery_format", "event", "keys_port", "tls_port"),
    *("proxy_port", "host", "names", "cacert", "insecure", "thorough", "time_limit"),
    *("processed", "processed_command", "state", "state_command", "settle", "ignores", "restart"),
}
"""Parameters that decide what a check sends, and how it is judged."""

_ADDRESSES = {"processed", "state"}
"""Those of them that are addresses of the webhook."""

repeat_options = added(
    option(
        "--again NAME",
        "Send once more what these checks send, and print each answer.",
        CHECK_NAMES,
        multiple=True,
    ),
    flag("--verbose", "Print every check, and all that is known of those that failed."),
    option(
        "--baseline FILE",
        "Failures that are known, as in --baseline flowsim-baseline.json: only others fail.",
        click.Path(path_type=Path),
    ),
    flag("--write-baseline", "Write the failures of this run into that file."),
)
"""How a run is repeated, and compared with an earlier one."""


def given_options(ctx: click.Context) -> dict[str, str]:
    """Return the options of the command line that a repetition needs → their words for a shell.

    Those that say what is usual are left out.
    """
    from ..core.spec_values import RegistrationSpec

    usual = {"client_id": RegistrationSpec().client_id}
    return {
        name: words
        for param in ctx.command.params
        if (name := param.name) in _REPEATED
        and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        and ctx.params[name] != usual.get(name, param.default)
        and (words := _words(param, ctx.params[name]))
    }


def _words(param: click.Parameter, value: Any) -> str:
    from ..core.shell_words import quoted

    word = max(param.opts, key=len)
    if isinstance(value, bool):
        return word
    values = value if isinstance(value, tuple) else (value,)
    return " ".join(f"{word} {quoted(_spelled(param, each))}" for each in values)


def _spelled(param: click.Parameter, value: Any) -> str:
    """Return a value as a user may type it: a duration exactly, an address as short as can be."""
    from ..core import duration
    from ..core.targets import shortened

    if isinstance(value, float):
        return duration.exact(value)
    return shortened(str(value)) if param.name in _ADDRESSES else str(value)


def take_again(arguments: dict[str, Any]) -> list[str]:
    """Remove ``again`` and return its names; only their checks are run.

    Raises ``UsageError`` if other checks are asked for, too.
    """
    again: list[str] = arguments.pop("again")
    if again and (arguments["only"] or arguments["skip"]):
        raise click.UsageError("--again names the checks; leave out --only and --skip.")
    if again:
        arguments["only"] = again
    return again


class BaselineFile:
    """The file of ``--baseline``: read before the check, and written after it if asked for.

    Raises ``UsageError`` without a file to write, ``SettingError`` for one that is no baseline.
    """

    def __init__(self, path: Path | None, is_written: bool) -> None:
        if is_written and path is None:
            raise click.UsageError("--write-baseline works only with --baseline FILE.")
        self._path = path
        self._is_written = is_written
        self._known = self._read()

    def _read(self) -> Baseline:
        from ..checks import baseline
        from ..reports.writing import expect_writable

        if self._path is None:
            return {}
        is_new = self._is_written and not self._path.exists()
        known = {} if is_new else baseline.read(self._path)
        if self._is_written:
            expect_writable(self._path)
        return known

    def compared(self, findings: Findings, own: Collection[str]) -> Findings:
        """Return findings with their known failures, after these were written if asked for.

        ``own`` are the names of all checks of the user.
        """
        from ..checks import baseline
        from ..reports.writing import write

        if self._path is None:
            return findings
        if self._is_written:
            if why := baseline.obstacle(findings):
                warn([f"{self._path} is not written: {why}"])
            else:
                self._known = baseline.updated(findings, self._known, own)
                write(self._path, baseline.text_of(self._known))
                say(f"{printable(str(self._path))}: {len(self._known)} known failures", err=True)
        return baseline.compared(findings, self._known, own)
