"""A request as it was captured, and what of it can be sent again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ..core.header_lines import HeaderLines

_NOT_SENT = {"host", "content-length", "expect", "connection", "keep-alive", "proxy-connection"}
_NOT_SENT |= {"proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"}
_NOT_SENT |= {"upgrade", "http2-settings"}

_NAME = re.compile(r"(\d{6,})-(\d{8}T\d{6})\.(\d{3})Z-.*")
_MOMENT = "%Y%m%dT%H%M%S"
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Flaw:
    """How the body of a request differs from what its head announces.

    ``length_error`` is the stated length minus the length of the body. ``is_open`` marks a
    chunked body whose last chunk is missing.
    """

    length_error: int = 0
    is_open: bool = False

    @property
    def breaks_off(self) -> bool:
        """Whether the head announces more than there is."""
        return self.is_open or self.length_error > 0


@dataclass(frozen=True, slots=True)
class Capture:
    """One POST. ``place`` says where it stands, ``at`` when it was made, if that is known.

    ``flaw`` is none if the body is as long as its head announces.
    """

    place: str
    at: datetime | None
    headers: HeaderLines
    body: bytes
    flaw: Flaw | None = None

    def sent_headers(self) -> HeaderLines:
        """Return the headers that are sent again.

        Host and length are those of the new connection; what belonged to the old one only is
        left out, and so are the pseudo headers of HTTP/2.
        """
        named = self.headers.get("connection", "").lower().split(",")
        pseudo = (name for name in self.headers if name.startswith(":"))
        return self.headers.without({*_NOT_SENT, *map(str.strip, named), *pseudo})


def file_name(number: int, at: datetime, event_id: str) -> str:
    """Return how the file of a request is called, without its ending.

    The number comes first and the moment behind it, so names sort by arrival. An event id may
    hold anything: what does not belong into a name becomes ``_``.
    """
    plain = re.sub(r"[^0-9A-Za-z._-]", "_", event_id)[:_LONGEST_ID]
    return f"{number:06}-{at:{_MOMENT}}.{at.microsecond // 1000:03}Z-{plain or 'no-event-id'}"


def number_and_moment(name: str) -> tuple[int, datetime] | None:
    """Return what the name of a file says, if it is one that ``file_name`` makes."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found[2], _MOMENT)
    except ValueError:
        return None
    return int(found[1]), moment.replace(microsecond=int(found[3]) * 1000, tzinfo=UTC)
