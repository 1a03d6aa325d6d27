"""What the webhook says about runs: how an answer is read, and when it is complete.

Answers are objects with the members ``status``, ``records``, ``failed``, ``started`` and ``ended``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..core.json_reading import parse_text
from ..core.printable import brief
from ..delivery.http_connecting import Tls
from ..errors import StateError
from ..runtime.clock import pause, stopwatch
from ..runtime.defaults import SETTLE
from .asking import Command, StateOf
from .effects import POLL_INTERVAL, QUIET, longest
from .questions import Kind, Questions, Reply

STATUS, COUNTS, TIMES = "status", ("records", "failed"), ("started", "ended")

MEMBERS = (STATUS, *COUNTS, *TIMES)
"""What an answer may have; other members are ignored."""

_EXAMPLE = (
    '{"status": "success", "records": 1000, "failed": 0, "started": "2026-01-15T09:30:00Z", '
    '"ended": "2026-01-15T09:31:00Z"}, with some of these members'
)
_UNKNOWN = "404, null or {} if the run is not known"
_NUMBER = re.compile(r"[0-9]{1,15}")

Answer = Mapping[str, Any] | None
"""The members that an answer has, none of them null; ``None`` if the run is not known."""

Answers = Mapping[str, Answer]
"""Run id → what is said about it."""


def moment_of(time: str | datetime) -> float:
    """Return epoch seconds of a time, in UTC if it has no offset; raises ``ValueError``.

    Text is ISO 8601; a function may also return a ``datetime``.
    """
    moment = datetime.fromisoformat(time.strip()) if isinstance(time, str) else time
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _answer(reply: Reply) -> Answer:
    """Return the members of an answer; raises ``StateError`` if it cannot be read."""
    if reply.status == 404:
        return None
    if reply.status not in (None, 200):
        raise StateError(f"{reply.said}; expected 200 and {_EXAMPLE}; {_UNKNOWN}")
    value = reply.value if reply.text is None else _parsed(reply, reply.text)
    if value is None or value == {}:
        return None
    if not isinstance(value, Mapping) or not {*value} & {*MEMBERS}:
        raise _unreadable(reply, _EXAMPLE)
    return _members(reply, value) or None


def _parsed(reply: Reply, text: str) -> object:
    try:
        return parse_text(text)
    except ValueError:
        raise _unreadable(reply, f"JSON, as in {_EXAMPLE}") from None


def _unreadable(reply: Reply, wanted: str) -> StateError:
    who = "the function for --state " if reply.text is None else ""
    return StateError(f"{who}{reply.said}; expected {wanted}; {_UNKNOWN}")


def _members(reply: Reply, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not null."""
    found = {name: value[name] for name in MEMBERS if value.get(name) is not None}
    for name, each in found.items():
        is_right, wanted = _KINDS[name]
        if not is_right(each):
            raise _unreadable(reply, f"{wanted} for {name} and not {brief(repr(each))}")
    return found


def _is_status(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < 10**15  # type: ignore[arg-type]


def _is_count(value: object) -> bool:
    return _is_number(value) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value.strip())))


def _is_time(value: object) -> bool:
    if not isinstance(value, str | datetime):
        return _is_number(value)
    try:
        moment_of(value)
    except (ValueError, OverflowError):
        return False
    return True


_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    STATUS: (_is_status, "text"),
    **dict.fromkeys(COUNTS, (_is_count, "a number")),
    **dict.fromkeys(TIMES, (_is_time, "ISO 8601 text or a number")),
}
"""Member → whether a value of it can be read, and what is expected."""

STATES = Kind("--state", "run_id", _answer, StateError)
"""The question what is known of a run."""


class StatesClient:
    """Asks what is known of runs; ``settle`` and ``tls`` are as for the counts of events.

    Use it with ``async with``. Raises ``StateError`` for an answer that cannot be read, and what a
    function raises.
    """

    def __init__(
        self, state: StateOf | str | Command, settle: float | None, tls: Tls = True
    ) -> None:
        self._state = state
        self._settle, self._quiet = (SETTLE, QUIET) if settle is None else (settle, settle)
        self._questions = Questions(state, STATES, tls)

    async def __aenter__(self) -> StatesClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._questions.__aexit__()

    async def expect_unknown(self, run_id: str) -> None:
        """Ask for a run that was never sent; raises ``StateError`` if something is known of it."""
        if answer := (await self.answers([run_id]))[run_id]:
            name, value = next(iter(answer.items()))
            raise StateError(
                f"--state says that a run that was never sent has the {name} "
                f"{brief(repr(value))}; expected {_UNKNOWN}, and {{run_id}} in the place of its id"
            )

    async def answers(self, run_ids: Sequence[str]) -> Answers:
        """Return what is said about runs by now."""
        return await self._questions.answers(run_ids)

    def allow(self, seconds: float) -> None:
        """Give the webhook at least so many seconds for its next event."""
        self._settle = max(self._settle, seconds)

    async def settled(
        self, run_ids: Sequence[str], wrong: Callable[[Answers], Sequence[str]]
    ) -> Answers:
        """Return what is said about runs, once none is ``wrong`` or their time is over.

        The time begins again when an answer changes. Raises ``StateError`` if the answers take too
        long.
        """
        limit = longest(self._settle, self._state)
        try:
            async with asyncio.timeout(limit):
                return await self._settled(run_ids, wrong)
        except TimeoutError:
            raise StateError(
                f"--state did not answer for all runs in {limit:g} s; --settle allows more"
            ) from None

    async def _settled(
        self, run_ids: Sequence[str], wrong: Callable[[Answers], Sequence[str]]
    ) -> Answers:
        """Wait until no run is wrong any more, and then until no answer changes."""
        answers, last = await self.answers(run_ids), stopwatch()
        while (late := wrong(answers)) and stopwatch() - last < self._settle:
            await pause(POLL_INTERVAL)
            found = {**answers, **await self.answers(late)}
            if found != answers:
                answers, last = found, stopwatch()
        while True:
            await pause(self._quiet)
            before, answers = answers, await self.answers(run_ids)
            if before == answers:
                return answers
