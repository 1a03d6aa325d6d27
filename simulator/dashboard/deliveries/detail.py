"""Everything about one delivery, tab by tab, as the page and its JSON twin show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.masking import masked_header, masked_url
from ...families.registry import Families
from .attempts import masked_trace, timeline_of
from .comparing import DeliveryComparison, compare
from .curl import curl_of
from .delivery_source import DeliveryDetail, DeliverySource, SentRequest
from .header_lines import explained
from .payload_tree import subtree, tree
from .raw_payload import raw
from .rows import DeliveryRow, ListFilter
from .signature_steps import explain
from .wire_faults import not_repeated, on_wire

TABS = {
    "payload": "Payload",
    "headers": "Headers",
    "signature": "Signature",
    "attempts": "Attempts",
    "compare": "Compare",
    "curl": "curl",
}
"""Parts of a delivery → their titles; the first is shown at first."""


_MOST_OTHERS = 30
"""How many deliveries are offered to compare with."""


@dataclass(frozen=True, slots=True)
class DetailQuery:
    """What the query of a request asks about a delivery.

    ``tab`` is a key of ``TABS``. ``form`` is that of a payload: tree, pretty or exact.
    ``pointer``, a JSON Pointer, and ``start`` ask for a part of the tree. ``other`` is the number
    of the delivery to compare with; if ``mistake`` says what is wrong with it, there is none.
    """

    tab: str = "payload"
    form: str = "tree"
    pointer: str = ""
    start: int = 0
    other: int | None = None
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class DetailContent:
    """One delivery, and the content of one tab; ``version`` changes when it does."""

    delivery: DeliveryDetail
    tab: str
    content: Any
    version: str


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """Deliveries to compare with, those of the same event first, and the comparison with one.

    ``problem`` says why there is none, if one was asked for.
    """

    others: Sequence[DeliveryRow]
    comparison: DeliveryComparison | None
    problem: str = ""


class Details:
    """Makes the content of tabs, for one source of deliveries.

    ``address`` returns the URL of these pages, ``key_host`` that of the key host, as commands
    name them. ``service`` returns the option of commands that names the service.
    """

    def __init__(
        self,
        source: DeliverySource,
        families: Families,
        address: Callable[[], str],
        key_host: Callable[[], str],
        service: Callable[[], str] = str,
    ) -> None:
        self._source = source
        self.families = families
        self._address = address
        self._key_host = key_host
        self._service = service
        self._tabs: Mapping[str, Callable[[DeliveryDetail, SentRequest, DetailQuery], Any]] = {
            "payload": self._payload,
            "headers": self._headers,
            "signature": self._signature,
            "compare": self._compare,
            "curl": self._curl,
        }

    def of(self, delivery: DeliveryDetail, asked: DetailQuery) -> DetailContent:
        """Return a delivery with the content of the tab that is asked for.

        The content is None if the event is no longer kept.
        """
        content: Any = None
        if asked.tab == "attempts":
            content = timeline_of(delivery) or None
        elif delivery.sent is not None:
            content = self._tabs[asked.tab](delivery, delivery.sent, asked)
        version = self.version_of(delivery)
        return DetailContent(_without_secrets(delivery), asked.tab, content, version)

    def version_of(self, delivery: DeliveryDetail) -> str:
        """Return a text that changes with the attempts of a delivery, its end, and the day."""
        return f"{len(delivery.attempts)}.{delivery.row.state}.{self._source.day()}"

    def _payload(self, delivery: DeliveryDetail, sent: SentRequest, asked: DetailQuery) -> Any:
        code = delivery.row.event_code
        if asked.form != "tree":
            return raw(sent.body, asked.form)
        if asked.pointer or asked.start:
            return subtree(sent.body, asked.pointer, code, self.families, asked.start)
        return tree(sent.body, code, self.families)

    def _headers(self, _: DeliveryDetail, sent: SentRequest, __: DetailQuery) -> Any:
        return explained(sent.headers)

    def _signature(self, delivery: DeliveryDetail, sent: SentRequest, _: DetailQuery) -> Any:
        found = explain(
            sent.body,
            dict(sent.headers),
            self._source.find_key,
            delivery.client_id,
            key_host=self._key_host(),
            body_url=self._body_url(delivery),
        )
        return on_wire(found, delivery.faults, _attempt_of(delivery))

    def _curl(self, delivery: DeliveryDetail, sent: SentRequest, _: DetailQuery) -> Any:
        found = curl_of(sent.url, sent.headers, sent.body, self._body_url(delivery))
        attempt = _attempt_of(delivery)
        return not_repeated(found, delivery.faults, delivery.row, attempt, self._service())

    def _compare(self, delivery: DeliveryDetail, sent: SentRequest, asked: DetailQuery) -> Any:
        """Return what this delivery can be compared with, and the comparison with one."""
        number = delivery.row.number
        listed = self._source.page(ListFilter(code=delivery.row.event_code), None, None).rows
        others = [each for each in listed if each.number != number][:_MOST_OTHERS]
        others.sort(key=lambda each: each.event_id != delivery.row.event_id)
        if asked.other is None:
            return ComparedWith(others, None, asked.mistake)
        other = self._source.one(asked.other)
        if other is None or other.sent is None:
            problem = f"There is no delivery {asked.other} to compare with."
            return ComparedWith(others, None, problem)
        found = compare(sent.headers, sent.body, other.sent.headers, other.sent.body)
        return ComparedWith(others, found)

    def _body_url(self, delivery: DeliveryDetail) -> str:
        return f"{self._address()}/deliveries/{delivery.row.number}/body"


def _attempt_of(delivery: DeliveryDetail) -> int:
    """Return the number of the attempt whose request is shown: the last one, or the first."""
    return max([1, *(each.number for each in delivery.attempts)])


def _without_secrets(delivery: DeliveryDetail) -> DeliveryDetail:
    """Return a delivery as it is shown: secrets in headers, URLs and traces are masked."""
    attempts = [replace(each, trace=masked_trace(each.trace)) for each in delivery.attempts]
    sent = delivery.sent
    if sent is not None:
        lines = tuple((name, masked_header(name, value)) for name, value in sent.headers)
        sent = replace(sent, headers=lines, url=masked_url(sent.url))
    return replace(delivery, attempts=attempts, sent=sent)
