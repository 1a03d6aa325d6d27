"""The state of the service: its identity, what it has to deliver, and how attempts went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...core.instant import from_ms, spell, to_ms
from ...errors import ApiError
from ...runtime.version import __version__
from ..challenges import actions as challenging
from ..challenges.actions import ChallengeSummary
from ..database.database import Database
from ..installation import Identity
from ..registrations.model import SPELLINGS, Registration
from ..registrations.status import WINDOW
from ..service import Service
from . import actions, timekeeping
from .actions import RunningSettings
from .bodies import AttemptsQuery
from .timekeeping import ClockReading


@dataclass(frozen=True, slots=True)
class RegistrationSummary:
    """One registration.

    ``consumer_id``, ``project_id`` and ``workspace_id`` say where it is. ``undelivered`` says why
    its journal alone gets new events, if that is so. ``status`` is ACTIVE, UNSTABLE or DISABLED,
    ``webhook_status`` the word of the API for it. ``pending`` counts deliveries under way, the
    first of them due at ``next_due``; ``succeeded`` and ``failed`` count attempts of the last 24
    hours on the service's clock.
    """

    registration_id: str
    name: str
    client_id: str
    consumer_id: str
    project_id: str
    workspace_id: str
    delivery_type: str
    webhook_url: str | None
    runtime_action: str | None
    enabled: bool
    undelivered: str | None
    status: str
    webhook_status: str
    pending: int
    next_due: str | None
    succeeded: int
    failed: int


@dataclass(frozen=True, slots=True)
class RegistrationState:
    """One registration, and how its last challenge went."""

    registration: RegistrationSummary
    challenge: ChallengeSummary


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything ``flowsim status`` shows.

    ``published`` counts events since the first start, or the last reset. ``pending`` counts
    deliveries under way, also those of deleted registrations, whose retries go on (4.7).
    ``pending_of_deleted`` counts only those.
    """

    version: str
    data: str
    clock: ClockReading
    settings: RunningSettings
    installation: Identity
    published: int
    pending: int
    pending_of_deleted: int
    registrations: tuple[RegistrationSummary, ...]


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """One attempt that ended; ``event_id`` is that of a batch's first event.

    ``cause`` says why there was no answer, or none that can be read.
    """

    registration_id: str
    event_id: str
    delivery_id: str
    attempt: int
    at: str
    status_code: int
    elapsed_ms: float
    outcome: str
    cause: str | None


def read(service: Service) -> Overview:
    """Return the state of the service."""
    own = service.installation
    registrations = service.registrations.all()
    summaries, keys = _summaries(service, registrations), {each.key for each in registrations}
    pending = _pending_of(service.database).items()
    of_deleted = sum(count for key, (count, _) in pending if key not in keys)
    return Overview(
        version=__version__,
        data=str(service.database.path or ":memory:"),
        clock=timekeeping.read(service),
        settings=actions.settings_of(service),
        installation=Identity(
            own.org, own.ims_org, own.project, own.workspace, own.credential_id, own.client_id
        ),
        published=actions.published(service),
        pending=sum(each.pending for each in summaries) + of_deleted,
        pending_of_deleted=of_deleted,
        registrations=summaries,
    )


def page(
    service: Service, before: int | None, limit: int
) -> tuple[tuple[RegistrationSummary, ...], int | None]:
    """Return registrations, the newest first, and the key before which the next page begins.

    ``before`` is the key before which this page begins, None for the first page; the key of the
    next page is None on the last one.
    """
    found = service.registrations.newest(before, limit + 1)
    older = found[limit - 1].key if len(found) > limit else None
    return _summaries(service, found[:limit]), older


def additions(service: Service) -> int:
    """Return a number that grows whenever anything is added to the store; it is cheap.

    Each change of a registration adds a note, each attempt its result.
    """
    return service.database.number("SELECT sum(seq) FROM sqlite_sequence")


def read_one(service: Service, registration_id: str, base: str) -> RegistrationState:
    """Return one registration; ``base`` is where its validation URL is opened.

    Raises ``ApiError`` 404 if there is none.
    """
    registration = service.registrations.find(registration_id)
    if registration is None:
        raise ApiError(404, "Not Found", f"no registration {registration_id!r}")
    (found,) = _summaries(service, [registration])
    return RegistrationState(found, challenging.summary_of(service, registration, base))


def attempts(service: Service, query: AttemptsQuery) -> list[AttemptSummary]:
    """Return the latest attempts, the oldest of them first.

    Raises ``ApiError`` 404 for a registration that never existed.
    """
    wanted = query.registration
    conditions, values = ["1"], list[str]()
    for column, value in (("event_id", query.event_id), ("registration_id", wanted)):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    rows = service.database.rows(
        "SELECT registration_id, event_id, delivery_id, attempt, at_ms, status_code, "
        "elapsed_ms, outcome, cause "
        "FROM attempt JOIN registration ON key = attempt.registration "
        f"WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",
        *(*values, query.limit),
    )
    if wanted is not None and not rows and service.registrations.find(wanted) is None:
        raise ApiError(404, "Not Found", f"no registration {wanted!r}")
    return [
        AttemptSummary(id_, event_id, delivery_id, attempt, spell(from_ms(at_ms)), *rest)
        for id_, event_id, delivery_id, attempt, at_ms, *rest in reversed(rows)
    ]


def _summaries(service: Service, wanted: list[Registration]) -> tuple[RegistrationSummary, ...]:
    pending = _pending_of(service.database)
    counted = _attempts_since(service.database, service.clock.now() - WINDOW)
    return tuple(
        _summary(each, pending.get(each.key, (0, None)), counted.get(each.key, (0, 0)))
        for each in wanted
    )


def _summary(
    registration: Registration, pending: tuple[int, datetime | None], counted: tuple[int, int]
) -> RegistrationSummary:
    return RegistrationSummary(
        registration_id=registration.registration_id,
        name=registration.name,
        client_id=registration.client_id,
        consumer_id=registration.workspace.org,
        project_id=registration.workspace.project,
        workspace_id=registration.workspace.workspace,
        delivery_type=registration.delivery_type,
        webhook_url=registration.webhook_url,
        runtime_action=registration.runtime_action,
        enabled=registration.enabled,
        undelivered=registration.undelivered or None,
        status=SPELLINGS[registration.status][0],
        webhook_status=registration.status,
        pending=pending[0],
        next_due=spell(pending[1]) if pending[1] else None,
        succeeded=counted[0],
        failed=counted[1],
    )


_MINUTE_MS = 60_000


def _pending_of(database: Database) -> dict[int, tuple[int, datetime | None]]:
    """Return for each registration with deliveries under way how many, and the first due."""
    rows = database.rows(
        "SELECT registration, count(*), min(due_ms) FROM delivery "
        "WHERE due_ms IS NOT NULL GROUP BY +registration"  # so that delivery_due is used
    )
    return {key: (count, from_ms(due_ms)) for key, count, due_ms in rows}


def _attempts_since(database: Database, moment: datetime) -> dict[int, tuple[int, int]]:
    """Return for each registration how many attempts succeeded and failed."""
    rows = database.rows(
        "SELECT registration, sum(succeeded), sum(failed) FROM tally WHERE minute > ? "
        "GROUP BY registration",
        to_ms(moment) // _MINUTE_MS,
    )
    return {key: (succeeded, failed) for key, succeeded, failed in rows}
