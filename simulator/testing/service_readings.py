"""``ServiceReadings``: the part of ``EventsService`` that says what has happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..core import instant
from ..errors import ApiError, Nearest
from ..events_service.control import overview, timekeeping
from ..events_service.control.bodies import AttemptsQuery
from ..events_service.control.overview import AttemptSummary
from ..events_service.control.triggering import TriggeredEvent
from ..events_service.journal.actions import Journal
from ..events_service.journal.model import Address
from ..events_service.journal.query import JournalQuery
from ..events_service.local_service import LocalService
from ..events_service.registrations.model import Registration
from ..events_service.service import Service
from . import happenings
from .nearest import one
from .wording import for_programs, in_python

_MOST_ATTEMPTS = 10_000


class ServiceReadings:
    """What a running service says: its address, its time, its journals, its attempts."""

    local: LocalService
    _service: Service
    _published: list[TriggeredEvent]

    @property
    def url(self) -> str:
        """The address of the service, such as ``http://127.0.0.1:41234``."""
        return self.local.url

    @property
    def identity(self) -> Mapping[str, str]:
        """Ids, client secret, token and ports, by the names of their environment variables."""
        return self.local.identity

    @property
    def now(self) -> datetime:
        """The time of the service's clock, in UTC."""
        return instant.parse(timekeeping.read(self._service).now)

    @for_programs
    def journal(self, registration: Registration) -> list[dict[str, Any]]:
        """Return the events in a registration's journal, oldest first."""
        own = self._service.installation
        address = Address(own.org, own.credential_id, registration.registration_id)
        since, found = None, list[dict[str, Any]]()
        with self._naming_registration(registration):
            journal = Journal(self._service, address)
            while (reading := journal.read(JournalQuery(since=since))).page is not None:
                found += [each["event"] for each in json.loads(reading.page.body)["events"]]
                since = reading.until
        return found

    @for_programs
    def attempts(self, registration: Registration | None = None) -> list[AttemptSummary]:
        """Return the attempts at deliveries, oldest first, to all registrations or to one.

        Each has a ``cause`` if there was no answer, or none that can be read.
        """
        named = registration.registration_id if registration else None
        query = AttemptsQuery(event_id=None, registration=named, limit=_MOST_ATTEMPTS)
        with self._naming_registration(registration):
            found = overview.attempts(self._service, query)
        return [replace(each, cause=each.cause and in_python(each.cause)) for each in found]

    @for_programs
    def status(self, registration: Registration) -> str:
        """Return ``ACTIVE``, ``UNSTABLE``, ``DISABLED`` or ``PENDING``.

        Raises ``ApiError`` for a registration that the service does not have.
        """
        summaries = overview.read(self._service).registrations
        wanted = registration.registration_id
        found = [each.status for each in summaries if each.registration_id == wanted]
        if not found:
            with self._naming_registration(registration):
                raise ApiError(404, "Not Found", f"no registration {wanted!r}")
        return found[0]

    @for_programs
    def attempt(
        self,
        registration: Registration | None = None,
        *,
        event_id: str | None = None,
        number: int | None = None,
        status: int | None = None,
        outcome: str | None = None,
    ) -> AttemptSummary:
        """Return the first attempt that fits; ``number`` counts from 1 for each delivery.

        ``status`` is the code of the answer, ``outcome`` is ``delivered``, ``retry`` or
        ``dropped``. Raises ``AssertionError`` that names the nearest attempt if there is none.
        """
        __tracebackhide__ = True
        wanted = {"status": status, "number": number, "outcome": outcome, "event_id": event_id}
        return one(
            "attempt", wanted, [(each, _fields(each)) for each in self.attempts(registration)]
        )

    @property
    def happened(self) -> str:
        """The triggered events and the attempts in two tables, as a test that fails shows them."""
        names = {each.registration_id: each.name for each in self._service.registrations.all()}
        return happenings.of_service(self._published, self.attempts(), names)

    @contextmanager
    def _naming_registration(self, registration: Registration | None) -> Iterator[None]:
        """Name the nearest registration in an error that says that there is no such one."""
        try:
            yield
        except ApiError as error:
            if error.status_code != 404 or registration is None:
                raise
            names = [each.name for each in self._service.registrations.all()]
            near = Nearest(registration.name, names).before("one that this service has made")
            text = f"no registration {registration.name!r}; expected {near}"
            raise ApiError(404, error.reason, text) from None

    @contextmanager
    def _naming_event(self, event_id: str) -> Iterator[None]:
        """Name the nearest event in an error that says that there is no such one."""
        try:
            yield
        except ApiError as error:
            if error.status_code != 404:
                raise
            ids = [each.event_id for each in self._published if each.event_id]
            near = Nearest(event_id, ids).before("the id of an event that a journal has")
            raise ApiError(404, error.reason, f"{error}; expected {near}") from None


def with_near_codes(error: ApiError, asked: Sequence[str], known: Collection[str]) -> ApiError:
    """Return an error that names the codes near to the first one asked for that is not known."""
    unknown = next((each for each in asked if each.rpartition("/")[2] not in known), None)
    if unknown is None:
        return error
    near = Nearest(unknown, known).before("an event code of `flowsim events`")
    return ApiError(error.status_code, error.reason, f"{error}; expected {near}", error.headers)


def _fields(attempt: AttemptSummary) -> Mapping[str, object]:
    return {
        "status": attempt.status_code,
        "number": attempt.attempt,
        "outcome": attempt.outcome,
        "event_id": attempt.event_id,
    }
