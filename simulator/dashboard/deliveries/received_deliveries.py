"""The requests that a receiver got, as the page of deliveries shows them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from ...captures.carried_event import carried_in
from ...core import json_reading
from ...core.delivery import is_retried
from ...core.header_lines import whole_number
from ...core.signature import FindKey
from ...families.event_line import (
    batch_line,
    contents_of,
    event_line,
    event_result,
    worst_result,
)
from ...families.registry import Families
from ...receiver.stub import Received, ReceivingStub
from ...runtime.clock import present
from .delivery_source import LIMIT, AttemptDetail, DeliveryDetail, SentRequest
from .rows import AttemptMark, Choice, DeliveryPage, DeliveryRow, FilterChoices, ListFilter

_KEPT = 2_000
"""How many rows are kept once they were made."""


@dataclass(frozen=True, slots=True)
class _SearchedRow:
    """A row, and the text in which a search looks, in lower case.

    ``codes`` and ``families`` are those of all its events.
    """

    row: DeliveryRow
    text: str
    codes: Sequence[str]
    families: Sequence[str]


class ReceivedDeliveries:
    """Deliveries of a receiver: each request is one, with one attempt in the list.

    ``webhook`` is the URL of the receiver, without a path.
    """

    def __init__(self, stub: ReceivingStub, families: Families, webhook: str) -> None:
        self._stub = stub
        self._webhook = webhook
        self._families = families
        self._rows: OrderedDict[int, _SearchedRow] = OrderedDict()

    @property
    def find_key(self) -> FindKey:
        return self._stub.find_key

    def version(self) -> str:
        return f"{self._stub.newest}.{self._stub.cleared}.{self.day()}"

    def day(self) -> int:
        return present().toordinal()

    def newest(self) -> int:
        return self._stub.newest

    def choices(self) -> FilterChoices:
        rows = [self._of(each) for each in self._stub.kept()]
        codes, families = (
            {value for each in rows for value in getattr(each, name)}
            for name in ("codes", "families")
        )
        return FilterChoices((), _choices(families), _choices(codes))

    def knows_family(self, label: str) -> bool:
        return any(label in (each.label, each.name) for each in self._families.readable()[0])

    def choices_version(self) -> str:
        return f"{crc32(repr(self.choices()).encode()):x}"

    def page(self, wanted: ListFilter, before: int | None, upto: int | None) -> DeliveryPage:
        found = [self._of(each) for each in reversed(self._stub.kept())]
        shown = [each.row for each in found if _passes(each, wanted)]
        newer = [each for each in shown if upto is not None and each.number > upto]
        rows = [each for each in shown[len(newer) :] if before is None or each.number < before]
        older = rows[LIMIT - 1].number if len(rows) > LIMIT else None
        return DeliveryPage(rows[:LIMIT], older, len(newer))

    def one(self, number: int) -> DeliveryDetail | None:
        found = next((each for each in self._stub.kept() if each.number == number), None)
        if found is None:
            return None
        event_id = found.headers.get("x-adobe-event-id")
        same = [
            each
            for each in self._stub.kept()
            if each is found or (event_id and each.headers.get("x-adobe-event-id") == event_id)
        ]
        return DeliveryDetail(
            self._of(found).row,
            [_attempt(each) for each in same],
            SentRequest(found.body, tuple(found.headers.items()), self._webhook + found.path),
            None,
            self._stub.options.client_id,
        )

    def _of(self, received: Received) -> _SearchedRow:
        found = self._rows.get(received.number)
        if found is None:
            found = self._rows[received.number] = _searched_row(received, self._families)
            while len(self._rows) > _KEPT:
                self._rows.popitem(last=False)
        return found


def _searched_row(received: Received, families: Families) -> _SearchedRow:
    headers = received.headers
    code = headers.get("x-adobe-event-code", "")
    codes = _codes_in(received.body, code)
    labels = [_label(families, each) for each in codes]
    contents = contents_of(received.body)
    results = [event_result(families, *each) for each in zip(codes, contents, strict=True)]
    known = tuple(each for each in dict.fromkeys(results) if each)
    row = DeliveryRow(
        number=received.number,
        at=received.at,
        wall=received.at,
        event_id=headers.get("x-adobe-event-id", ""),
        event_code=code,
        family=_label(families, code),
        says=batch_line(event_line(families, code, contents[0]), results),
        result=worst_result(known),
        results=known,
        events=len(contents),
        registration=received.path,
        registration_id="",
        state="delivered" if received.reception.verified else "dropped",
        marks=[_mark(received)],
        latency_ms=None,
        next=received.reception.reason or "",
    )
    words = (row.event_id, code, headers.get("x-adobe-delivery-id", ""), received.path)
    text = "\n".join(words) + received.body.decode("utf-8", "replace")
    return _SearchedRow(row, text.lower(), (code, *codes), (row.family, *labels))


def _label(families: Families, code: str) -> str:
    family = families.by_code(code)
    return family.label if family is not None else ""


def _codes_in(body: bytes, code: str) -> list[str]:
    """Return the event code of each event in a body; ``code``, of the header, where none stands."""
    try:
        content = json_reading.parse_text(body.decode("utf-8"))
    except ValueError:
        return [code]
    elements = content if isinstance(content, list) and content else [content]
    if len(elements) == 1:
        return [code]
    carried = map(carried_in, elements)
    return [each.code if each is not None and each.code else code for each in carried]


def _mark(received: Received) -> AttemptMark:
    status = received.answered if isinstance(received.answered, int) else 0
    ending = "delivered" if 200 <= status < 300 else "retry" if _is_retried(status) else "dropped"
    return AttemptMark(_number(received), status, ending)


def _is_retried(status: int) -> bool:
    """Return whether Adobe tries again after an answer, as it does after none (0)."""
    return status == 0 or is_retried(status)


def _number(received: Received) -> int:
    """Return which attempt a request is, from 1, as it says itself."""
    return (whole_number(received.headers.get("x-adobe-retry-count", "0")) or 0) + 1


def _attempt(received: Received) -> AttemptDetail:
    mark = _mark(received)
    silence = "" if mark.status_code else f"no answer on purpose: {received.answered}"
    return AttemptDetail(
        mark.number,
        received.headers.get("x-adobe-delivery-id", ""),
        received.at,
        received.at,
        mark.status_code,
        None,
        mark.ending,
        received.reception.reason or silence or None,
    )


def _passes(found: _SearchedRow, wanted: ListFilter) -> bool:
    row = found.row
    pairs = (
        (wanted.family, found.families),
        (wanted.code, found.codes),
        (wanted.result, row.results),
        (wanted.state, (row.state,)),
    )
    if any(asked and asked not in values for asked, values in pairs):
        return False
    if wanted.status and wanted.status not in {each.status_class for each in row.marks}:
        return False
    return wanted.text.lower() in found.text


def _choices(values: Iterable[str]) -> list[Choice]:
    return [Choice(each, each) for each in sorted(values) if each]
