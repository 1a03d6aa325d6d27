"""Pages of a journal, and the links from one to the next (io-events-protocol.md 5.4, 5.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

MOST_BYTES = 1_500_000
"""Bytes of one page, at most (5.4); a single larger event travels alone."""

DEFAULT_LIMIT = 100
"""Events of a page if no limit is given: Adobe's number is not documented."""

_TAIL_BYTES = 500
"""More than what follows the events takes up."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order; ``last`` is the position of the last one."""

    body: bytes
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a journal is: organisation, credential and registration (5.1)."""

    org: str
    credential_id: str
    registration_id: str

    @property
    def path(self) -> str:
        steps = quote(self.org), quote(self.credential_id), quote(self.registration_id)
        return "/organizations/{}/integrations/{}/{}".format(*steps)


def page(entries: Iterable[tuple[str, bytes]], limit: int) -> Page | None:
    """Return a page of the first events, each with its position; nothing if there are none.

    There are exactly ``limit`` events on it, or all there are, unless they are too large
    together.
    """
    elements: list[bytes] = []
    last, size = "", _TAIL_BYTES
    for position, event in entries:
        element = b'{"position":"%b","event":%b}' % (position.encode(), event)
        size += len(element) + 1
        if elements and size > MOST_BYTES:
            break
        elements.append(element)
        last = position
        if len(elements) == limit:
            break
    if not elements:
        return None
    tail = b'],"_page":{"last":"%b","count":%d}}' % (last.encode(), len(elements))
    return Page(b'{"events":[' + b",".join(elements) + tail, last, len(elements))


def links(address: Address, since: str, limit: int | None, asked: str) -> list[str]:
    """Return the values of the ``Link`` headers, one link each, for who has read up to ``since``.

    The order is the captured one; every path is absolute, without a host. Only the next link
    keeps the limit, and what the path that was ``asked`` begins with, such as ``/events-fast``:
    at the end of the journal it is the same address again (5.4).
    """
    path = address.path
    position = f"since={quote(since, safe=':')}"
    kept = "" if limit is None else f"&limit={limit}"
    paths = {
        "events": f"/events{path}",
        "next": f"{asked}{path}?{position}{kept}",
        "count": f"/count{path}?{position}",
        "latest": f"/events{path}?latest=true",
        "page": f"/events{path}?since={{position}}&limit={{count}}",
        "seek": f"/events{path}?seek={{duration}}&limit={{count}}",
        "validate": f"/events{path}/validate?{position}",
    }
    return [f'<{path}>; rel="{rel}"' for rel, path in paths.items()]
