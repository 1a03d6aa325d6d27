"""What a page says about the status of a registration, in sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...core.duration import spell
from ...core.printable import count
from ...events_service.registrations.model import (
    DISABLED,
    PENDING,
    SPELLINGS,
    UNSTABLE,
    Registration,
)
from ...events_service.registrations.outlook import Outlook
from ...events_service.registrations.status import FEWEST, ONE_IN, WINDOW

_DAY = count(WINDOW // timedelta(hours=1), "hour")

RULE = (
    f"UNSTABLE: at least {FEWEST} attempts in {_DAY}, and fewer than 1 in {ONE_IN} succeeded. "
    f"DISABLED: still so {_DAY} later; then nothing is delivered."
)
"""The rule in two sentences."""

DONE = {
    "created": "The registration is created.",
    "changed": "The changes are saved.",
    "enabled": "The registration is switched on and saved; its webhook was challenged again.",
    "disabled": "The registration is switched off: only its journal gets new events.",
    "deleted": "The registration is deleted. Deliveries that were under way go on.",
    "validated": "The validation URL was opened: the registration is verified.",
    "proved": "The validation URL was opened: the webhook is verified. "
    "The registration stays switched off.",
    "filtered": "The filter is saved. It decides about events from now on.",
    "unfiltered": "The filter is deleted. All events of interest are delivered.",
}
"""What was done before a page is shown → the sentence for it."""


_OFF = (
    "It is switched off: no new event is delivered to it, and retries that are under way go on. "
    "To enable it challenges its webhook again."
)
_STAYS_OFF = "It stays switched off when its validation URL is opened."
_SAVE = "It stays DISABLED until it is saved again and its webhook passes the challenge."
_WAY_OUT = {
    "waiting": "It becomes ACTIVE when its validation URL is opened in time; otherwise it stays "
    "DISABLED until it is saved again.",
    "under way": "It becomes ACTIVE if its webhook passes the challenge that is under way.",
}
"""How the last challenge of a DISABLED registration went → what makes it ACTIVE."""


def outlook_lines(
    registration: Registration, outlook: Outlook, now: datetime, challenge: str = "none"
) -> list[str]:
    """Return what becomes of the status, in sentences; ``challenge`` is how the last one went."""
    if registration.status == PENDING:
        return [
            "It waits for an association with Amazon EventBridge. "
            "flowsim makes none, so it stays PENDING."
        ]
    if not registration.is_challenged:
        return ["It has no webhook, so no attempts change its status."]
    if not registration.enabled:
        return [_OFF, _STAYS_OFF] if challenge == "waiting" else [_OFF]
    if registration.status == DISABLED:
        return [f"Nothing is delivered to it. {_WAY_OUT.get(challenge, _SAVE)}"]
    if registration.status == UNSTABLE:
        return [_judged(outlook, now)]
    left = count(outlook.failures_left or 1, "failed attempt")
    return [_of_active(outlook, now), f"{left} in a row would make it UNSTABLE."]


def _judged(outlook: Outlook, now: datetime) -> str:
    assert outlook.at is not None
    assert outlook.next is not None
    word = SPELLINGS[outlook.next][0]
    return (
        f"It is judged again at {_moment(outlook.at, now)}. {_rate(outlook)} it becomes {word} then"
        f"{', and nothing more is delivered' if outlook.next == DISABLED else ''}."
    )


def _of_active(outlook: Outlook, now: datetime) -> str:
    if outlook.at is not None:
        return (
            f"{_rate(outlook)} it becomes UNSTABLE at about {_moment(outlook.at, now)}, "
            f"and DISABLED {_DAY} after that."
        )
    if not outlook.rate_succeeded + outlook.rate_failed:
        return "Nothing was attempted in the last hour, so its status stays."
    return f"{_rate(outlook)} it stays ACTIVE."


def _rate(outlook: Outlook) -> str:
    attempts = outlook.rate_succeeded + outlook.rate_failed
    if not attempts:
        return "If nothing is attempted until then, as in the last hour,"
    return (
        f"If attempts go on as in the last hour ({outlook.rate_succeeded:,} of {attempts:,} "
        "succeeded),"
    )


def _moment(moment: datetime, now: datetime) -> str:
    seconds = max(0.0, (moment - now).total_seconds())
    day = "" if moment.date() == now.date() else f"{moment:%Y-%m-%d} "
    return f"{day}{moment:%H:%M} UTC (in {spell(seconds // 60 * 60)})"
