"""What the webhook says about runs, and how an answer is read.

Answers are objects with the members ``status``, ``records``, ``failed``, ``started`` and ``ended``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..core.instant import epoch_of
from ..core.json_reading import parse_text
from ..core.printable import brief
from ..delivery.http_connecting import Tls
from ..errors import StateError
from .asking import Command, StateOf
from .questions import Kind, Reply
from .settling import SettlingClient

STATUS, COUNTS, TIMES = "status", ("records", "failed"), ("started", "ended")

MEMBERS = (STATUS, *COUNTS, *TIMES)
"""What an answer may have; other members are ignored."""

_EXAMPLE = (
    '{"status": "success", "records": 1000, "failed": 0, "started": "2026-01-15T09:30:00Z", '
    '"ended": "2026-01-15T09:31:00Z"}, with some of these members'
)
_UNKNOWN = "404, null or {} if the run is not known"
_NUMBER = re.compile(r"-?[0-9]{1,15}")

Answer = Mapping[str, Any] | None
"""The members that an answer has, none of them null; ``None`` if the run is not known."""

Answers = Mapping[str, Answer]
"""Run id → what is said about it."""


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
        epoch_of(value)
    except ValueError:
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


class StatesClient(SettlingClient[Answer]):
    """Asks what is known of runs; raises ``StateError`` for an answer that cannot be read."""

    def __init__(
        self, state: StateOf | str | Command, settle: float | None, tls: Tls = True
    ) -> None:
        super().__init__(state, STATES, settle, tls)

    async def expect_unknown(self, run_id: str) -> None:
        """Ask for a run that was never sent; raises ``StateError`` if something is known of it."""
        if answer := (await self.answers([run_id]))[run_id]:
            name, value = next(iter(answer.items()))
            raise StateError(
                f"--state says that a run that was never sent has the {name} "
                f"{brief(repr(value))}; expected {_UNKNOWN}, and {{run_id}} in the place of its id"
            )
