"""What the pages of registrations show: the list, and everything about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from ...core import adobe_hosts
from ...core.instant import to_ms
from ...core.masking import masked
from ...errors import ApiError
from ...events_service import api
from ...events_service.challenges import actions as challenging
from ...events_service.challenges.actions import ChallengeSummary
from ...events_service.control import overview
from ...events_service.control.overview import RegistrationSummary
from ...events_service.deliveries.table import Attempts
from ...events_service.registrations.kept_notes import KeptNotes
from ...events_service.registrations.model import Registration
from ...events_service.registrations.notes import RegistrationNote
from ...events_service.registrations.outlook import Outlook, outlook_of
from ...events_service.registrations.status import WINDOW
from ...events_service.service import Service
from .history import AttemptHistory, history_of
from .standing import Standing, hidden, standing_of
from .wording import outlook_lines

LIMIT = 100
"""How many registrations a page of the list has."""


@dataclass(frozen=True, slots=True)
class RegistrationRow(RegistrationSummary):
    """A row of the list: it asks for so many ``events``; ``reason`` says why it has its status."""

    events: int
    reason: str


@dataclass(frozen=True, slots=True)
class RegistrationList:
    """A page of the list, the newest registration first.

    ``older`` is the key before which the next page begins, ``before`` that of this page; both
    are None at the ends. ``version`` changes when the list may have changed.
    """

    registrations: Sequence[RegistrationRow]
    older: int | None
    before: int | None
    version: str


@dataclass(frozen=True, slots=True)
class InterestRow:
    """An event that a registration asks for, with the words of its provider and family.

    ``delivery_format`` is empty if the provider was deleted.
    """

    provider_id: str
    event_code: str
    provider: str
    family: str
    label: str
    delivery_format: str


@dataclass(frozen=True, slots=True)
class RegistrationContent:
    """One registration: its status, why it has it, and what comes next.

    ``changes`` are the notes of the last 24 hours, the newest first; ``expected`` says in
    sentences what becomes of the status. ``standing`` says since when and why it has it.
    """

    registration: RegistrationSummary
    standing: Standing
    description: str
    created: datetime
    updated: datetime
    unstable_since: datetime | None
    challenge: ChallengeSummary
    history: AttemptHistory
    outlook: Outlook
    expected: Sequence[str]
    changes: Sequence[RegistrationNote]
    interests: Sequence[InterestRow]
    version: str


def listed(service: Service, before: int | None) -> RegistrationList:
    """Return the registrations with keys below ``before``, or the newest ones."""
    version = list_version(service)
    found, older = overview.page(service, before, LIMIT)
    known = {each.registration_id: each for each in service.registrations.newest(before, LIMIT + 1)}
    rows = [
        _row(service, each, known[each.registration_id])
        for each in found
        if each.registration_id in known
    ]
    return RegistrationList(rows, older, before, version)


def _row(
    service: Service, summary: RegistrationSummary, registration: Registration
) -> RegistrationRow:
    challenge = challenging.summary_of(service, registration, validation_address())
    standing = standing_of(service, registration, challenge)
    return RegistrationRow(
        **asdict(summary),
        events=len(registration.events_of_interest),
        reason=standing.brief(service.clock.now()),
    )


def list_version(service: Service) -> str:
    """Return a text that changes when the list may have; the rates of a day do by the minute."""
    return f"{overview.additions(service)}.{to_ms(service.clock.now()) // 60_000}"


def find(service: Service, registration_id: str) -> Registration:
    """Return a registration; raises ``ApiError`` 404 if there is none."""
    found = service.registrations.find(registration_id)
    if found is None:
        raise ApiError(404, "Not Found", f"no registration {registration_id[:80]!r}")
    return found


def validation_address() -> str:
    """Return the address under which validation URLs are opened."""
    return api.base_url(adobe_hosts.VALIDATION)


def content_of(
    service: Service, registration: Registration, span: str, *, may_change: bool
) -> RegistrationContent:
    """Return everything about a registration; ``span`` is that of its history.

    Its validation URL is left out, unless the visitor ``may_change`` something: to open it is a
    change.
    """
    now, key = service.clock.now(), registration.key
    state = overview.read_one(service, registration.registration_id, validation_address())
    since = now - WINDOW
    tallies = Attempts(service.database).tallies(key, to_ms(since) // 60_000)
    outlook = outlook_of(registration.status, registration.unstable_since, tallies, now)
    changes = KeptNotes(service.database).latest(registration.registration_id, since)
    challenge = state.challenge
    return RegistrationContent(
        registration=state.registration,
        standing=standing_of(service, registration, challenge),
        description=registration.description,
        created=registration.created,
        updated=registration.updated,
        unstable_since=registration.unstable_since,
        challenge=challenge if may_change else replace(challenge, validation_url=None),
        history=history_of(tallies, now, span),
        outlook=outlook,
        expected=outlook_lines(registration, outlook, now, challenge.outcome),
        changes=[_readable(each, may_change=may_change) for each in changes],
        interests=[_interest(service, *each) for each in _pairs(registration)],
        version=version_of(service, challenge),
    )


def version_of(service: Service, challenge: ChallengeSummary) -> str:
    """Return a text that changes when anything about a registration may have changed.

    While its validation URL waits, it changes every ten seconds too.
    """
    left = int(challenge.seconds_left or 0) // 10
    return f"{list_version(service)}.{challenge.outcome.replace(' ', '-')}.{left}"


def _pairs(registration: Registration) -> list[tuple[str, str]]:
    return [(each.provider_id, each.event_code) for each in registration.events_of_interest]


def _interest(service: Service, provider_id: str, code: str) -> InterestRow:
    provider = service.directory.provider(provider_id)
    metadata = service.providers.find_metadata(provider_id, code)
    family = service.families.by_code(code) if provider and not provider.org else None
    return InterestRow(
        provider_id=provider_id,
        event_code=code,
        provider=provider.label if provider else "",
        family=family.label if family else "",
        label=metadata.label if metadata else "",
        delivery_format=provider.event_delivery_format if provider else "",
    )


def _readable(note: RegistrationNote, *, may_change: bool) -> RegistrationNote:
    """Return a note without secrets; without the address of a validation URL, unless one may."""
    known = note if may_change else hidden(note)
    return replace(known, text=masked(known.text))
