"""Restarts the webhook in mid-run, as its user says how."""

from __future__ import annotations

import asyncio
import inspect
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO

from ..core.printable import brief
from ..errors import UnreachableError
from ..runtime.clock import pause, stopwatch
from .asking import Command
from .check_run import CheckRun, CheckRunner
from .effects import EffectsClient
from .held import Held
from .observation import Restarted, event_ids
from .options import CheckOptions, WebhookAccess

WITHIN = 60.0
"""Seconds that the command may take, and after it the webhook until it listens."""

_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Restarting:
    """Restarts a webhook; ``before`` are the counts of processed events until then."""

    options: CheckOptions
    access: WebhookAccess
    asking: EffectsClient
    before: Mapping[str, int]

    async def run(self, runner: CheckRunner, runs: Sequence[CheckRun]) -> Restarted:
        """Restart, ask for all events of ``runs``, send their duplicates, and ask again."""
        if problem := await restart(self.options, self.access):
            return Restarted(problem=problem)
        ids = event_ids(each for run in runs for each in run.exchanges)
        known = await self.asking.counts([each for each in ids if self.before.get(each)])
        async with AsyncExitStack() as stack:
            client = runner.runner.transport
            if self.access.patient is not None:  # the connections of before are gone
                client = await stack.enter_async_context(self.access.client())
            again = replace(runner, runner=replace(runner.runner, transport=client))
            await Held(again, runs).send_again("restart")
        about = [run for run in runs if "restart" in run.check.needs]
        awaited = event_ids(each for run in about for each in run.exchanges if each.is_accepted)
        finally_known = await self.asking.settled(awaited, awaited)
        if self.asking.pending:
            return Restarted(problem="the queue of the webhook was not empty yet after the restart")
        return Restarted(known, finally_known)


async def restart(options: CheckOptions, access: WebhookAccess) -> str:
    """Restart the webhook and wait until it listens; return what went wrong, or nothing."""
    how = options.restart
    if isinstance(how, Command):
        problem = await _run(how)
    else:
        problem = ""
        answer = how() if how is not None else None
        if inspect.isawaitable(answer):
            await answer
    return problem or await _listens(access)


async def _run(command: Command) -> str:
    """Run a command to its end; what it started may go on, and keeps no pipe of ours."""
    called = brief(" ".join(command.words))
    with TemporaryFile() as errors:
        try:
            process = await create_subprocess_exec(
                *command.words, stdin=DEVNULL, stdout=DEVNULL, stderr=errors
            )
        except OSError as error:
            return f"--restart {called}: {error.strerror}"
        try:
            async with asyncio.timeout(WITHIN):
                status = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            return (
                f"--restart {called} did not end in {WITHIN:.0f} s; let it start the webhook in "
                "the background, and end"
            )
        return f"--restart {called} ends with {status}{_last_line(errors)}" if status else ""


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read(100_000).decode("utf-8", "replace").split("\n")
    written = [each for each in lines if each.strip()]
    return f": {brief(written[-1])}" if written else ""


async def _listens(access: WebhookAccess) -> str:
    """Wait until the webhook listens; return why it does not in time."""
    started = stopwatch()
    while True:
        try:
            await asyncio.to_thread(access.reach)
        except UnreachableError as error:
            if stopwatch() - started > WITHIN:
                return f"the webhook did not listen again in {WITHIN:.0f} s: {error}"
            await pause(_POLL)
        else:
            return ""
