"""Restarts the webhook in mid-run, as its user says how."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from ..core.printable import brief
from ..errors import UnreachableError
from .asking import Command, called
from .check_run import CheckRun, CheckRunner
from .command_output import run_to_end
from .effects import EffectsClient
from .held import Held
from .observation import Restarted, acknowledged, event_ids
from .options import CheckOptions, WebhookAccess

WITHIN = 60.0
"""Seconds that the command may take, and after it the webhook until it listens."""

SAMPLE, SAMPLE_OF_COMMANDS = 50, 12
"""Events of other checks that are asked for after the restart, at most; a command takes longer."""


@dataclass(frozen=True, slots=True)
class Restarting:
    """Restarts a webhook; ``before`` are the counts of processed events until then."""

    options: CheckOptions
    access: WebhookAccess
    asking: EffectsClient
    before: Mapping[str, int]

    async def run(self, runner: CheckRunner, runs: Sequence[CheckRun]) -> Restarted:
        """Restart, ask for what was processed before, send duplicates, and ask again.

        All events are asked for that the checks about a restart have sent, and a sample of those of
        the other ``runs``.
        """
        if problem := await restart(self.options, self.access):
            return Restarted(problem=problem)
        about = [run for run in runs if "restart" in run.check.needs]
        sent = event_ids(each for run in about for each in run.exchanges)
        sample = self.sample(runs, sent)
        done = [each for each in sent if self.before.get(each)]
        known = await self.asking.answers([*done, *sample])
        async with AsyncExitStack() as stack:
            client = runner.runner.transport
            if self.access.is_remote:  # the connections of before are gone
                client = await stack.enter_async_context(self.access.client())
            again = replace(runner, runner=replace(runner.runner, transport=client))
            await Held(again, runs).send_again("restart")
        awaited = [*acknowledged(each for run in about for each in run.exchanges)]
        finally_known = await self.asking.settled(awaited, awaited)
        if self.asking.pending:
            return Restarted(problem="the queue of the webhook was not empty yet after the restart")
        return Restarted(known, finally_known, sample=tuple(sample))

    def sample(self, runs: Sequence[CheckRun], sent: Collection[str]) -> list[str]:
        """Return events of other checks than those about a restart, from the whole run.

        They were processed before it, and rightly.
        """
        found = acknowledged(each for run in runs for each in run.exchanges)
        others = [each for each in found if self.before.get(each) and each not in sent]
        is_command = isinstance(self.options.processed, Command)
        most = min(len(others), SAMPLE_OF_COMMANDS if is_command else SAMPLE)
        return [others[number * len(others) // most] for number in range(most)]


async def restart(options: CheckOptions, access: WebhookAccess) -> str:
    """Restart the webhook and wait until it listens; return what went wrong, or nothing."""
    how = options.restart
    if isinstance(how, Command):
        if problem := await run_to_end(how.words, seconds=WITHIN):
            return f"--restart {brief(' '.join(how.words))} {problem}"
    elif how is not None:
        await called(how)
    try:
        await access.listening(WITHIN)
    except UnreachableError as error:
        return f"after the restart {error}"
    return ""
