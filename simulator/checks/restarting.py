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
from .inquiry import NOT_EMPTY, UNKNOWN_STATE, Inquiry
from .observation import Restarted, acknowledged, event_ids
from .options import CheckOptions, WebhookAccess
from .questions import spread

WITHIN = 60.0
"""Seconds that the command may take, and after it the webhook until it listens."""

SAMPLE, SAMPLE_OF_COMMANDS = 50, 12
"""Events, and runs, of other checks that are asked for after the restart, at most; a command takes
longer."""

_NOT_EMPTY = f"{NOT_EMPTY} the restart"


@dataclass(frozen=True, slots=True)
class Restarting:
    """Restarts a webhook; ``before`` are the counts of processed events until then.

    ``asking`` is ``None`` if they are not known. The ``inquiry`` asks for the states of runs.
    """

    options: CheckOptions
    access: WebhookAccess
    asking: EffectsClient | None
    before: Mapping[str, int]
    inquiry: Inquiry

    async def run(self, runner: CheckRunner, runs: Sequence[CheckRun]) -> Restarted:
        """Restart, and ask for what was processed before, and for what was kept of runs."""
        if problem := await restart(self.options, self.access):
            return Restarted(problem=problem)
        found = Restarted()
        if self.asking is not None:
            found = await self._effects(self.asking, runner, runs)
        return found if found.problem else await self._with_states(found, runs)

    async def _effects(
        self, asking: EffectsClient, runner: CheckRunner, runs: Sequence[CheckRun]
    ) -> Restarted:
        """Ask for what was processed before, send duplicates, and ask again.

        All events are asked for that the checks about a restart have sent, and a sample of those of
        the other ``runs``.
        """
        about = [run for run in runs if "restart" in run.check.needs]
        sent = event_ids(each for run in about for each in run.exchanges)
        sample = self.sample(runs, sent)
        done = [each for each in sent if self.before.get(each)]
        known = await asking.answers([*done, *sample])
        await self._send_again(runner, runs)
        awaited = [*acknowledged(each for run in about for each in run.exchanges)]
        finally_known = await asking.settled(awaited, awaited)
        if asking.pending:
            return Restarted(problem=_NOT_EMPTY)
        return Restarted(known, finally_known, sample=tuple(sample))

    async def _send_again(self, runner: CheckRunner, runs: Sequence[CheckRun]) -> None:
        async with AsyncExitStack() as stack:
            client = runner.runner.transport
            if self.access.is_remote:  # the connections of before are gone
                client = await stack.enter_async_context(self.access.client())
            again = replace(runner, runner=replace(runner.runner, transport=client))
            await Held(again, runs).send_again("restart")

    async def _with_states(self, found: Restarted, runs: Sequence[CheckRun]) -> Restarted:
        """Add what is kept of runs."""
        most, is_quiet = self._most(self.options.state), self.asking is not None
        kept = await self.inquiry.after_restart(runs, most, is_quiet=is_quiet)
        if kept is None or kept.states is None:
            return replace(found, no_state=_NOT_EMPTY if kept else UNKNOWN_STATE)
        return replace(found, states=kept.states, kept=kept.kept)

    def sample(self, runs: Sequence[CheckRun], sent: Collection[str]) -> list[str]:
        """Return events of other checks than those about a restart, from the whole run.

        They were processed before it, and rightly.
        """
        found = acknowledged(each for run in runs for each in run.exchanges)
        others = [each for each in found if self.before.get(each) and each not in sent]
        return spread(others, self._most(self.options.processed))

    def _most(self, asked: object) -> int:
        return SAMPLE_OF_COMMANDS if isinstance(asked, Command) else SAMPLE


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
