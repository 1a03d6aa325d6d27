"""A check: one statement about a webhook, what is sent for it, and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from .observation import Exchange, Observation

State = Literal["passed", "failed", "not judged"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a check: passed, failed, or not judged, which is neither.

    A failed one has what was ``expected`` beside what was ``received``, and the ``exchange``
    that shows it, if one does. ``note`` is what else there is to say: for a check that is not
    judged it is the reason, and the remedy; the ``exchange`` is then the refusal that is the
    reason, if there is one.
    """

    state: State
    note: str = ""
    expected: str = ""
    received: str = ""
    exchange: Exchange | None = None


def passed(note: str = "") -> Verdict:
    return Verdict("passed", note)


def failed(expected: str, received: str, exchange: Exchange | None = None) -> Verdict:
    return Verdict("failed", "", expected, received, exchange)


def not_judged(reason: str, refusal: Exchange | None = None) -> Verdict:
    return Verdict("not judged", reason, exchange=refusal)


@dataclass(frozen=True, slots=True)
class ChallengeProbe:
    """GET with a challenge: ``prefix`` and a new UUID.

    The challenge is added to ``query``, if the webhook's address has one.
    """

    prefix: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class ValidationProbe:
    """POST of a validation URL on our key host, or on the ``foreign`` host."""

    foreign: bool = False


Probe = ChallengeProbe | ValidationProbe
"""A request of a check that delivers no event."""

Need = Literal["effects", "state", "restart"]
"""What a judge cannot do without: how often events were processed (``--processed``), what is known
of a run (``--state``), or a restart of the webhook (``--restart``)."""

Thing = Literal["batches", "cloud_events", "key_host"]
"""What a webhook may use: then what it *should* do with it is what it *must* do."""

Harm = Literal["lost", "forged", "twice", "wrong", "retried", "untidy"]
"""What becomes of events if a check fails: they are lost, forged ones are accepted, they are
processed more than once, what is kept of them is wrong, or they are sent again in vain. If it is
none of these, the webhook is untidy."""

HARMS: tuple[Harm, ...] = ("lost", "forged", "twice", "wrong", "retried", "untidy")
"""All of them, the worst first."""

LEVELS = ("must", "should", "note")
"""All levels, the highest first."""

Again = Literal["", "end", "restart"]
"""When all deliveries of a check are sent once more: never, at the end of the run and behind many
other events, or after the webhook was restarted."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the catalogue, or of a user's file.

    ``level`` is ``must`` (Adobe's documents or security require it), ``should`` (a robust webhook
    does it) or ``note`` (for information). ``claim`` is one sentence, ``why`` says what depends on
    it, with the ``page`` that it follows, ``advice`` what to do if it fails. ``judges_once`` says
    that it decides whether events are processed once. ``source`` cites the facts. ``events`` are
    those of a scenario, with the ``registration`` that it has; they happened ``age`` seconds ago.
    ``probes`` are sent one after the other. ``has_new_keys`` says that the
    events are signed with keys that no webhook has seen. ``is_tried_later`` says that a webhook
    with a temporary refusal is tried again after some seconds of real time. ``at_once`` is how many
    attempts are under way at once, if fewer than usual. ``file`` is the user's file; it is empty
    for a shipped check. ``family`` names the family whose events it is about, if it is not about
    all. ``must_for`` makes it a *must* for webhooks that use this thing. ``follows`` names checks:
    a webhook that fails one of them also fails this one, for the same
    cause. ``harm`` is what becomes of events if it fails. ``may_be_ignored`` says that a
    webhook may acknowledge its events and leave them out. ``thorough_events`` are sent instead in a
    thorough run. A check that ``is_thorough`` is only sent in such a run. ``again`` says when its
    deliveries are sent once more. ``sweep`` is how many events are sent that differ from
    ``events`` in several mutations each.
    """

    name: str
    group: str
    level: str
    claim: str
    why: str
    page: str
    advice: str
    judge: Callable[[Observation], Verdict]
    needs: frozenset[Need] = frozenset()
    judges_once: bool = False
    source: tuple[str, ...] = ()
    events: Sequence[Mapping[str, Any]] = ()
    registration: Mapping[str, Any] = field(default_factory=dict)
    age: float = 0.0
    probes: Sequence[Probe] = ()
    has_new_keys: bool = False
    is_tried_later: bool = False
    at_once: int | None = None
    file: str = ""
    family: str = ""
    must_for: Thing | None = None
    follows: tuple[str, ...] = ()
    harm: Harm = "lost"
    may_be_ignored: bool = False
    thorough_events: Sequence[Mapping[str, Any]] = ()
    is_thorough: bool = False
    again: Again = ""
    sweep: int = 0

    @property
    def needs_effects(self) -> bool:
        """Whether its judge needs the counts of processed events."""
        return "effects" in self.needs

    @property
    def needs_restart(self) -> bool:
        """Whether its judge needs a restart of the webhook."""
        return "restart" in self.needs

    @property
    def is_before_restart(self) -> bool:
        """Whether it is sent right before the restart; others are sent earlier."""
        return self.needs_restart and not self.again

    def thorough(self) -> Self:
        """Return the check as a thorough run sends it."""
        return replace(self, events=self.thorough_events) if self.thorough_events else self
