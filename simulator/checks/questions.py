"""Asks what the webhook's data say about ids: a function, an address or a command of the user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from ..core.outcome import LABELS, answer_words, quoted_beginning
from ..core.printable import brief
from ..delivery.http_connecting import Tls
from ..delivery.http_transport import HttpTransport
from ..errors import FlowsimError
from ..runtime.clock import pause
from .asking import Command, called
from .command_output import output_of

ADDRESS_AT_ONCE = 10
"""Questions to an address under way at once, at most."""

COMMANDS_AT_ONCE = 4
"""Commands that run at once, at most."""

TIMEOUT = 5.0
"""Seconds that an address may take for one answer."""

COMMAND_TIMEOUT = 20.0
"""Seconds that a command may take for one answer."""

MOST_BYTES = 64 * 1024
"""The most bytes of an answer."""

T = TypeVar("T")

Asked = Callable[[str], Any] | str | Command
"""A function, an address with a placeholder for the id, or a command with one."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one id.

    ``said`` describes it in a message, as in ``--state http://… answers 500 'oops'``. ``text`` is
    the text of an address or a command; for a function it is ``None``, and ``value`` is what it
    returned. ``status`` is that of an address, ``None`` for others.
    """

    said: str
    text: str | None = None
    value: object = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is asked for: the option, the placeholder of an id, and how an answer is read.

    ``read`` raises ``error``, which is also raised if there is no answer.
    """

    option: str
    place: str
    read: Callable[[Reply], T]
    error: type[FlowsimError]

    @property
    def things(self) -> str:
        """What the ids are of: ``events`` or ``runs``."""
        return f"{self.place.removesuffix('_id')}s"


class Questions(Generic[T]):
    """Asks for many ids, some at once; a function is asked for one after the other.

    An async function is awaited here. ``tls`` is as for the webhook itself. Use it with
    ``async with``. Raises the error of the kind, and what a function raises.
    """

    def __init__(self, asked: Asked, kind: Kind[T], tls: Tls = True) -> None:
        self._asked = asked
        self._kind = kind
        self._transport = HttpTransport(timeout=TIMEOUT, connections=ADDRESS_AT_ONCE, tls=tls)
        self._commands = asyncio.Semaphore(COMMANDS_AT_ONCE)

    async def __aenter__(self) -> Questions[T]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.__aexit__()

    async def answers(self, ids: Sequence[str]) -> dict[str, T]:
        """Return id → what is said about it."""
        asked = self._asked
        if isinstance(asked, str):
            replies = await _gathered([self._fetch(asked, each) for each in ids])
        elif isinstance(asked, Command):
            replies = await _gathered([self._run(asked, each) for each in ids])
        else:
            replies = [await _called(asked, each) for each in ids]
        return dict(zip(ids, map(self._kind.read, replies), strict=True))

    async def _fetch(self, template: str, id_: str) -> Reply:
        url = template.replace(self._placeholder, quote(id_, safe="", errors="surrogatepass"))
        outcome = await self._transport.send(url, {"accept": "*/*"}, b"", "GET")
        who = f"{self._kind.option} {url}"
        if outcome.status_code in LABELS:
            raise self._kind.error(f"{who}: {outcome.problem}")
        said = f"{who} answers {outcome.status_code} {answer_words(outcome)}"
        text = outcome.body.decode("utf-8", "replace")
        return Reply(said, text, status=outcome.status_code)

    async def _run(self, command: Command, id_: str) -> Reply:
        words = [word.replace(self._placeholder, id_) for word in command.words]
        async with self._commands:
            printed = await output_of(words, seconds=COMMAND_TIMEOUT, most=MOST_BYTES)
        who = f"{self._kind.option}-command {brief(command.words[0])}"
        if printed.problem:
            raise self._kind.error(f"{who} {printed.problem}")
        text = printed.text.decode("utf-8", "replace")
        return Reply(f"{who} prints {quoted_beginning(printed.text)}", text)

    @property
    def _placeholder(self) -> str:
        return f"{{{self._kind.place}}}"


async def _called(function: Callable[[str], Any], id_: str) -> Reply:
    value = await called(function, id_)
    await pause(0)  # a limit of time can end the questions here
    return Reply(f"returned {brief(repr(value))}", value=value)


async def _gathered(asked: Sequence[Coroutine[Any, Any, Reply]]) -> list[Reply]:
    """Return all replies; the first error cancels the others."""
    tasks = [asyncio.ensure_future(each) for each in asked]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def spread(items: Sequence[T], most: int) -> list[T]:
    """Return at most ``most`` of the items, evenly from all of them."""
    number = min(len(items), most)
    return [items[each * len(items) // number] for each in range(number)]
