"""Captured requests as a story: sent again in their order, with the same pauses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from ..core.delivery import Delivery, Sign
from ..core.header_lines import whole_number
from ..core.payload import Payload
from ..core.signature import SignedPayload, header_names
from ..runtime.chance import Chance
from ..runtime.clock import present
from . import files as captures
from .capture import Capture, events_of
from .resigning import readdress, resign

_APART = timedelta(milliseconds=1)
"""Time between requests whose own times are not known."""


@dataclass(frozen=True, slots=True)
class CapturedStory:
    """Captured requests, each with the moment at which it is due.

    If ``resigned``, they are signed again with the keys of this installation. ``client_id`` is the
    recipient that was written into all of them, if any. ``keys`` is a folder that may hold the
    public keys of another sender. ``unread`` has a sentence for each request that could not be
    read, ``notes`` one for each for which an option has no effect.
    """

    name: str
    description: str
    requests: Sequence[tuple[Capture, datetime]]
    resigned: bool
    client_id: str | None
    keys: Path
    chance: Chance
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    seed: ClassVar[None] = None
    repeat_with: ClassVar[str] = ""

    @property
    def points(self) -> frozenset[str]:
        """The points at which faults act: a request with a flaw is written as it was captured."""
        has_flaws = any(capture.flaw is not None for capture, _ in self.requests)
        return frozenset({"wire"} if has_flaws else ())

    @property
    def begin(self) -> datetime:
        """When the first request is due."""
        return self.requests[0][1]

    @property
    def payload_count(self) -> int:
        return len(self.requests)

    @property
    def event_count(self) -> int:
        return sum(len(events_of(*each)) for each in self.requests)

    async def deliveries(
        self, sign: Sign, address: Callable[[int], str]
    ) -> AsyncIterator[Delivery]:
        """Yield a delivery for each request; ``address`` returns the URL for its number."""
        signed = sign(self._payloads()) if self.resigned else self._as_they_are()
        number = 0
        async for each in signed:
            capture, due = self.requests[number]
            number += 1
            headers = capture.sent_headers()
            yield Delivery(
                number,
                each,
                due,
                address(number),
                headers.get("x-adobe-provider", ""),
                retries=whole_number(headers.get("x-adobe-retry-count", "")) or 0,
                headers=resign(headers, each) if self.resigned else headers,
                is_cut=capture.flaw is not None and capture.flaw.breaks_off,
            )

    def _payloads(self) -> Iterator[Payload]:
        for capture, due in self.requests:
            content_type = capture.headers.get("content-type", "")
            yield Payload(capture.body, content_type, events_of(capture, due))

    async def _as_they_are(self) -> AsyncIterator[SignedPayload]:
        for (capture, _), payload in zip(self.requests, self._payloads(), strict=True):
            paths, signatures = (
                [capture.headers.get(header_names(number)[part], "") for number in (1, 2)]
                for part in (0, 1)
            )
            yield SignedPayload(payload, (signatures[0], signatures[1]), (paths[0], paths[1]))


def open_captures(
    name: str, *, resigned: bool = False, client_id: str | None = None, everything: bool = False
) -> CapturedStory:
    """Return the story of a folder, a request or an archive.

    A ``client_id`` is written into bodies that are JSON, and needs ``resigned``. Of an archive only
    deliveries are taken, unless ``everything`` is set. Raises ``SettingError`` with the first place
    that cannot be read, if no request can be.
    """
    found = captures.read(name, everything)
    addressed, notes = _addressed(found.captures, client_id)
    requests = list(_due(addressed))
    how = "sent as they were" if not resigned else "signed again"
    return CapturedStory(
        name,
        f"{_count(found)} captured from {requests[0][1]:%Y-%m-%d %H:%M:%S} on, {how}.",
        requests,
        resigned,
        client_id,
        found.folder,
        Chance.of(0, name),
        found.unread,
        notes,
    )


def _count(found: captures.Captures) -> str:
    number = len(found.captures)
    whole = number + found.others + len(found.unread)
    noun = "request" if whole == 1 else "requests"
    return f"{number} of {whole} {noun}" if whole > number else f"{whole} {noun}"


def _addressed(
    captured: tuple[Capture, ...], client_id: str | None
) -> tuple[tuple[Capture, ...], tuple[str, ...]]:
    """Return requests with this recipient, and a sentence for each that cannot have one."""
    if client_id is None:
        return captured, ()
    made: list[Capture] = []
    notes: list[str] = []
    for each in captured:
        try:
            made.append(replace(each, body=readdress(each.body, client_id)))
        except ValueError as error:
            reason = f"the body is not JSON in UTF-8 ({error})"
            notes.append(f"{each.place}: {reason}, so no recipient can be written into it")
            made.append(each)
    return tuple(made), tuple(notes)


def _due(requests: Sequence[Capture]) -> Iterator[tuple[Capture, datetime]]:
    """Yield each request with its moment; one of unknown time is due soon after the one before."""
    known = (capture.at for capture in requests if capture.at is not None)
    moment = next(known, None) or present()
    for number, capture in enumerate(requests):
        if capture.at is None and number:
            moment += _APART
        moment = max(moment, capture.at or moment)
        yield capture, moment
