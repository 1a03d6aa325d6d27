"""Since when a registration has its status, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ...core import instant
from ...core.challenge import PATH
from ...events_service.challenges.actions import ChallengeSummary
from ...events_service.registrations.kept_notes import KeptNotes
from ...events_service.registrations.model import DISABLED, PENDING, UNSTABLE, Registration
from ...events_service.registrations.notes import RegistrationNote
from ...events_service.registrations.status import WINDOW
from ...events_service.service import Service

_VALIDATION_URL = re.compile(rf"\S*{re.escape(PATH)}\S*")
_HIDDEN = "(open the dashboard with its token to see the URL)"


@dataclass(frozen=True, slots=True)
class Standing:
    """A status of the API, ``since`` when it holds, and the ``reason`` of its last change.

    ``reason`` may be empty. ``challenge`` is the outcome of the last one, ``until`` the end of a
    validation URL that waits. ``enabled`` is false if the consumer has switched it off.
    """

    status: str
    enabled: bool
    since: datetime
    reason: str
    challenge: str
    until: datetime | None

    def brief(self, now: datetime) -> str:
        """Return why a registration gets nothing or may soon, in a few words; or nothing."""
        since = f"since {_short(self.since, now)}"
        if not self.enabled:
            return "switched off"
        if self.status == UNSTABLE:
            return f"{since}; judged at {_short(self.since + WINDOW, now)}"
        if self.status == DISABLED:
            return self._why_disabled(now, since)
        return since if self.status == PENDING else ""

    def _why_disabled(self, now: datetime, since: str) -> str:
        if self.until is not None:
            return f"challenge failed; validation URL until {_short(self.until, now)}"
        if self.challenge == "under way":
            return "a challenge is under way"
        if self.challenge == "failed":
            return f"challenge failed; {since}"
        return f"attempts failed; {since}" if self.reason else since


def standing_of(
    service: Service, registration: Registration, challenge: ChallengeSummary
) -> Standing:
    """Return since when a registration has its status: its creation, if it never changed."""
    note = KeptNotes(service.database).last(registration.registration_id, "status")
    return Standing(
        registration.status,
        registration.enabled,
        registration.unstable_since or (note.at if note else registration.created),
        note.text.partition(": ")[2] if note else "",
        challenge.outcome,
        instant.parse(challenge.expires) if challenge.expires else None,
    )


def hidden(note: RegistrationNote) -> RegistrationNote:
    """Return a note without the address of a validation URL."""
    return replace(note, text=_VALIDATION_URL.sub(_HIDDEN, note.text))


def _short(moment: datetime, now: datetime) -> str:
    is_today = moment.date() == now.date()
    return f"{moment:%H:%M}" if is_today else f"{moment:%Y-%m-%d %H:%M}"
