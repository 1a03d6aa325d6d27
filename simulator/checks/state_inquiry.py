"""What the webhook keeps of the runs: asked at the end of all checks, and after a restart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from ..families.entities import RunState
from .check_run import CheckRun
from .observation import acknowledged
from .options import CheckOptions
from .questions import spread
from .state_answers import Answer, StatesClient
from .states import States, latest
from .subject import Subject


@dataclass(frozen=True, slots=True)
class KeptStates:
    """What is known of runs after a restart.

    ``kept`` are runs from before it whose states were right then: all of them, or a sample.
    ``states`` is ``None`` if they still changed when the time for all was over.
    """

    states: States | None
    kept: tuple[RunState, ...] = ()


class StateInquiry:
    """Asks for the states of runs; ``said`` is what each event says, by the id of the event.

    ``changing`` are events about runs whose states still changed when the time for all was over,
    after ``waited`` seconds. ``states`` is ``None`` until they are known.
    """

    def __init__(self, client: StatesClient, subject: Subject) -> None:
        self.client = client
        self._subject = subject
        self._control: RunState | None = None
        self.said: dict[str, RunState] = {}
        self.states: States | None = None
        self.changing: frozenset[str] = frozenset()
        self.waited = 0.0

    @classmethod
    async def begun(
        cls, options: CheckOptions, subject: Subject, stack: AsyncExitStack, unsent: str
    ) -> StateInquiry | None:
        """Ask for a run that was never sent; return ``None`` if no state is to be asked for.

        Raises ``StateError`` if something is known of that run.
        """
        if options.state is None:
            return None
        client = StatesClient(options.state, options.settle, options.tls)
        await stack.enter_async_context(client)
        await client.expect_unknown(unsent)
        return cls(client, subject)

    async def ask(
        self,
        runs: Sequence[CheckRun],
        ignored: Collection[str],
        beside: Sequence[CheckRun] = (),
    ) -> None:
        """Ask for each run that a check is about; raises ``StateError`` if there is no answer.

        The runs of events in ``beside`` are asked for too: while they change, a queue is at work.
        """
        self.said = self._said_in([*runs, *beside])
        self._control, truths = self._control_of(runs, ignored), self._truths(runs, ignored)
        others = self._latest(beside, ignored)

        def wrong(answers: Mapping[str, Answer]) -> list[str]:
            return _wrong(States(answers, self._control), truths)

        def coming(answers: Mapping[str, Answer]) -> list[str]:
            return [run_id for run_id in others if answers[run_id] is None]

        ids = {**truths, **others, **({self._control.id: self._control} if self._control else {})}
        found = await self.client.until_settled([*ids], wrong, coming)
        self.states = States(found, self._control)
        self._note_changing()

    async def ask_again(
        self, runs: Sequence[CheckRun], ignored: Collection[str], most: int, *, is_quiet: bool
    ) -> KeptStates | None:
        """Ask after a restart for new runs, and for at most ``most`` that were right before it.

        Returns ``None`` if no state was known before. If it ``is_quiet``, the webhook has had its
        time for all events, and then it gets only a moment more. What is right at once is not asked
        for twice. Raises ``StateError`` if there is no answer.
        """
        if (before := self.states) is None:
            return None
        self.said, client = self._said_in(runs), self.client
        truths = self._truths(runs, ignored)
        new = {run_id: run for run_id, run in truths.items() if run_id not in before.answers}
        right = [each for name, each in truths.items() if name not in new]
        kept = spread([each for each in right if before.differences(each) == []], most)
        asked = {**new, **{run.id: run for run in kept}}

        def wrong(answers: Mapping[str, Answer]) -> list[str]:
            return _wrong(States(answers, self._control, before), asked)

        answers: Mapping[str, Answer] = await client.answers([*asked])
        if wrong(answers) and is_quiet:
            answers = await client.later_answers([*asked])
        elif wrong(answers):
            answers = await client.until_settled([*asked], wrong)
            if client.pending:
                return KeptStates(None)
        return KeptStates(States(answers, self._control, before), tuple(kept))

    def _note_changing(self) -> None:
        """Keep which events are about runs whose state had not settled when the time was over."""
        said, pending = self.said.items(), self.client.pending
        self.changing = frozenset(name for name, state in said if state.id in pending)
        self.waited = self.client.waited

    def _said_in(self, runs: Sequence[CheckRun]) -> dict[str, RunState]:
        """Return what events say about a run, by the id of the event."""
        events = {
            event.id: event for run in runs for each in run.exchanges for event in each.events
        }
        found = {name: self._subject.state_of(event.notification) for name, event in events.items()}
        return {name: state for name, state in found.items() if state is not None}

    def _control_of(self, runs: Sequence[CheckRun], ignored: Collection[str]) -> RunState | None:
        """Return an ordinary run: the first whose event was acknowledged and has no fault."""
        for run in runs:
            for event, _ in acknowledged(run.exchanges, ignored).values():
                if event.id in self.said and not event.faults:
                    return self.said[event.id]
        return None

    def _truths(self, runs: Sequence[CheckRun], ignored: Collection[str]) -> dict[str, RunState]:
        """Return what is true of each run that a check is about, by the id of the run."""
        return self._latest([run for run in runs if "state" in run.check.needs], ignored)

    def _latest(self, runs: Sequence[CheckRun], ignored: Collection[str]) -> dict[str, RunState]:
        """Return what is true of each run in events that were acknowledged, by its id."""
        found: dict[str, RunState] = {}
        for run in runs:
            ids = acknowledged(run.exchanges, ignored)
            found |= latest(self.said[each] for each in ids if each in self.said)
        return found


def _wrong(states: States, truths: Mapping[str, RunState]) -> list[str]:
    """Return the ids of the runs that are not known as they should be."""
    return [run_id for run_id, run in truths.items() if states.differences(run) != []]
