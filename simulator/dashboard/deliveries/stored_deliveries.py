"""The deliveries of an events service, as the page of deliveries shows them."""

from __future__ import annotations

from zlib import crc32

from ...core import headers
from ...core.signature import FindKey
from ...errors import ApiError
from ...events_service.deliveries.delivery_request import attempt_of
from ...events_service.deliveries.history import StoredHistory
from ...events_service.deliveries.history_filter import DeliveryFilter
from ...events_service.deliveries.history_rows import HistoryAttempt, HistoryRow
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .delivery_source import LIMIT, AttemptDetail, DeliveryDetail, SentRequest
from .event_words import RememberedWords
from .known_faults import known_faults
from .rows import AttemptMark, Choice, DeliveryPage, DeliveryRow, FilterChoices, ListFilter

_LOOK_AT = 20_000
"""How many deliveries a search looks at before it asks the reader whether to go on."""

_OWN_CODES = 200
"""How many event codes of the user's own providers the filter offers: each poll reads them."""


class StoredDeliveries:
    """Deliveries of a service, those under way and those of the last seven days."""

    def __init__(self, service: Service, find_key: FindKey) -> None:
        self._service = service
        self._history = StoredHistory(service.database)
        self._find_key = find_key
        self._words = RememberedWords(service.families)

    @property
    def find_key(self) -> FindKey:
        return self._find_key

    def version(self) -> str:
        return ".".join(map(str, (*self._history.version(), self.day())))

    def day(self) -> int:
        return self._service.clock.now().toordinal()

    def newest(self) -> int:
        return self._history.version()[0]

    def choices(self) -> FilterChoices:
        service = self._service
        registrations = [Choice(each.registration_id, each.name) for each in _all(service)]
        codes = {*service.families.event_codes(), *self._own_codes()}
        labels = sorted({each.label for each in service.families.readable()[0] if each.codes})
        return FilterChoices(
            registrations,
            [Choice(each, each) for each in labels],
            [Choice(each, each) for each in sorted(codes)],
        )

    def knows_family(self, label: str) -> bool:
        families = self._service.families.readable()[0]
        return any(label in (each.label, each.name) for each in families)

    def choices_version(self) -> str:
        wanted = "name IN ('registration', 'note')"  # each change of a registration adds a note
        query = f"SELECT coalesce(sum(seq), 0) FROM sqlite_sequence WHERE {wanted}"
        own = crc32(repr(self._own_codes()).encode())
        return f"{self._service.database.number(query)}.{own:x}"

    def _own_codes(self) -> list[str]:
        """Return the event codes of the user's own providers, as many as a filter offers."""
        return self._service.providers.own_codes(_OWN_CODES)

    def page(self, wanted: ListFilter, before: int | None, upto: int | None) -> DeliveryPage:
        asked = self._asked(wanted)
        if asked is None:
            return DeliveryPage((), None)
        newer = 0 if upto is None else self._history.newer_count(upto)
        begin = before if upto is None else min(before or upto + 1, upto + 1)
        rows, looked_at = list[DeliveryRow](), 0
        while True:
            missing = LIMIT - len(rows)
            found = self._history.page(asked, begin, missing, _LOOK_AT - looked_at)
            rows += [row for row in map(self._row, found.rows) if _says(wanted, row)]
            begin, looked_at = found.next_before, looked_at + found.looked_at
            if begin is None or len(rows) >= LIMIT or looked_at >= _LOOK_AT:
                return DeliveryPage(rows, begin, newer, len(rows) < LIMIT and begin is not None)

    def one(self, number: int) -> DeliveryDetail | None:
        found = self._history.one(number)
        if found is None:
            return None
        registration = self._service.registrations.by_key(found.registration)
        attempts = [self._attempt(found, each) for each in found.attempts]
        client_id = registration.client_id if registration is not None else None
        return DeliveryDetail(
            *(self._row(found), attempts, self._sent(found), found.due, client_id),
            faults=known_faults(found.faults),
        )

    def _asked(self, wanted: ListFilter) -> DeliveryFilter | None:
        """Return what the store is asked for; None if nothing can fit."""
        key: int | None = None
        codes: tuple[str, ...] = (wanted.code,) if wanted.code else ()
        if wanted.registration:
            registration = self._service.registrations.even_deleted(wanted.registration)
            if registration is None:
                return None
            key = registration.key
        if wanted.family:
            of_family = self._codes_of(wanted.family)
            codes = tuple(each for each in codes or of_family if each in of_family)
            if not codes:
                return None
        try:
            return DeliveryFilter(key, codes, wanted.state, wanted.status, wanted.text)
        except ValueError as error:
            raise ApiError(400, "Bad Request", str(error)) from None

    def _codes_of(self, label: str) -> tuple[str, ...]:
        families = self._service.families.readable()[0]
        found = (each for each in families if label in (each.label, each.name))
        return tuple(code for each in found for code in each.codes)

    def _row(self, found: HistoryRow) -> DeliveryRow:
        words = self._words.of_delivery(found, self._history.events)
        code = found.event.code or ""
        family = self._service.families.by_code(code)
        registration = self._service.registrations.by_key(found.registration)
        last = found.attempts[-1] if found.attempts else None
        return DeliveryRow(
            number=found.number,
            at=found.at,
            wall=found.wall,
            event_id=found.event.event_id or "",
            event_code=code,
            family=family.label if family is not None else "",
            says=words.says,
            result=words.result,
            results=words.results,
            events=found.batch_size,
            registration=registration.name if registration is not None else "deleted",
            registration_id=registration.registration_id if registration is not None else "",
            state=found.state,
            marks=[
                AttemptMark(each.number, each.status_code, each.ending) for each in found.attempts
            ],
            latency_ms=None if last is None else last.elapsed_ms,
            next=_next(found, last),
            fault=", ".join(name for name, _ in found.faults),
            is_again=found.is_again,
        )

    def _attempt(self, found: HistoryRow, each: HistoryAttempt) -> AttemptDetail:
        trace = self._service.traces.of_delivery_id(found.registration, each.delivery_id)
        return AttemptDetail(
            *(each.number, each.delivery_id, each.at, each.wall, each.status_code),
            *(each.elapsed_ms, each.ending, each.cause, trace),
        )

    def _sent(self, found: HistoryRow) -> SentRequest | None:
        """Return the request of the last attempt, or of the first one, which is still to come."""
        made = attempt_of(self._service, found.number, max(1, len(found.attempts)))
        if made is None:
            return None
        lines = tuple(headers.of_attempt(made).items())
        return SentRequest(made.delivery.signed.payload.body, lines, made.delivery.url)


def _all(service: Service) -> list[Registration]:
    return sorted(service.registrations.all(), key=lambda each: each.name)


def _says(wanted: ListFilter, row: DeliveryRow) -> bool:
    return wanted.result in ("", *row.results)


def _next(found: HistoryRow, last: HistoryAttempt | None) -> str:
    """Return what happens next, in a few words."""
    if found.due is not None:
        return f"attempt {found.next_attempt} at {found.due:%H:%M:%S}"
    if last is not None and found.state == "dropped":
        return f"after {last.status_code}"
    return ""
