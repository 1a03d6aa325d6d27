"""The table of judges: what a check names under ``judge``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .attempt_judges import answered_in_time, each_accepted_at_first
from .batch_judges import not_refused_for_good, odd_event_not_processed, other_events_processed
from .challenge_judges import (
    all_echoed,
    each_value_echoed,
    echoed_as_text_or_json,
    echoed_or_validated,
    markup_not_in_a_page,
    no_visit_to_foreign_host,
    validation_answered,
)
from .check import Need, Verdict
from .event_judges import (
    accepted_after_first,
    answered_directly,
    as_expected,
    finally_refused,
    keys_fetched_at_most,
    no_parameter_ends_in,
    no_server_error,
    processed_once,
    refused_or_not_processed,
    refused_without_foreign_visit,
)
from .late_judges import all_kept_over_restart, kept_over_restart, processed_once_late
from .load_judges import (
    burst_accepted,
    not_held_up_by_slow_key_host,
    not_held_up_by_slow_sender,
)
from .race_judges import rounds_processed_once
from .state_judges import state_kept, state_kept_over_restart
from .variation_judges import combinations_accepted, variations_accepted

CHALLENGE, VALIDATION = ("challenge",), ("validation",)

EFFECTS: frozenset[Need] = frozenset({"effects"})
RESTART: frozenset[Need] = frozenset({"restart"})
STATE: frozenset[Need] = frozenset({"state"})


@dataclass(frozen=True, slots=True)
class JudgeKind:
    """A judge, and what it needs.

    ``probes`` are the kinds of the first probes that it looks at. A judge without ``probes`` looks
    at events, and needs at least ``events`` of them. ``argument`` is the name of the function's
    second argument, if it has one. ``needs`` is what it cannot decide without. ``once`` says that
    it decides whether events are processed once: if not, the webhook is UNSAFE.
    """

    decide: Callable[..., Verdict]
    events: int = 1
    probes: tuple[str, ...] = ()
    argument: str = ""
    needs: frozenset[Need] = frozenset()
    once: bool = False

    def fits(self, kinds: tuple[str, ...]) -> bool:
        """Return whether the judge can decide about probes of these kinds."""
        return kinds == self.probes or (len(self.probes) == 1 and {*kinds} == {*self.probes})

    def bound(self, argument: Any = None) -> Callable[..., Verdict]:
        """Return the judge as a function of the observation alone.

        ``argument`` is what a check states for it, as 20 in ``judge: {keys_fetched_at_most: 20}``.
        It is ignored if the judge takes none.
        """
        return partial(self.decide, **{self.argument: argument}) if self.argument else self.decide


DEFAULT = "as_expected"
"""The judge of a check that names none."""

_KINDS = (
    JudgeKind(as_expected),
    JudgeKind(processed_once, needs=EFFECTS, once=True),
    JudgeKind(processed_once_late, needs=EFFECTS, once=True),
    JudgeKind(kept_over_restart, needs=EFFECTS | RESTART, once=True),
    JudgeKind(all_kept_over_restart, needs=EFFECTS | RESTART, once=True),
    JudgeKind(rounds_processed_once, needs=EFFECTS, once=True),
    JudgeKind(odd_event_not_processed, needs=EFFECTS),
    JudgeKind(other_events_processed, needs=EFFECTS),
    JudgeKind(not_refused_for_good),
    JudgeKind(each_accepted_at_first),
    JudgeKind(answered_in_time),
    JudgeKind(state_kept, needs=STATE),
    JudgeKind(state_kept_over_restart, needs=STATE | RESTART),
    JudgeKind(refused_or_not_processed),
    JudgeKind(refused_without_foreign_visit),
    JudgeKind(finally_refused),
    JudgeKind(no_server_error),
    JudgeKind(accepted_after_first, events=2, argument="expected"),
    JudgeKind(variations_accepted, events=2),
    JudgeKind(combinations_accepted, events=0),
    JudgeKind(answered_directly),
    JudgeKind(keys_fetched_at_most, argument="most"),
    JudgeKind(no_parameter_ends_in, events=0, argument="endings"),
    JudgeKind(burst_accepted),
    JudgeKind(not_held_up_by_slow_sender, events=2),
    JudgeKind(not_held_up_by_slow_key_host, events=3),
    JudgeKind(echoed_or_validated, events=0, probes=CHALLENGE + VALIDATION),
    JudgeKind(all_echoed, events=0, probes=CHALLENGE),
    JudgeKind(each_value_echoed, events=0, probes=CHALLENGE),
    JudgeKind(echoed_as_text_or_json, events=0, probes=CHALLENGE),
    JudgeKind(markup_not_in_a_page, events=0, probes=CHALLENGE),
    JudgeKind(validation_answered, events=0, probes=VALIDATION),
    JudgeKind(no_visit_to_foreign_host, events=0, probes=VALIDATION),
)

JUDGES: Mapping[str, JudgeKind] = {kind.decide.__name__: kind for kind in _KINDS}
"""Name → judge."""


def parts_of(judge: object) -> tuple[str, Any]:
    """Return the name and the argument of a judge as a check states it: ``a`` or ``{a: 20}``."""
    if isinstance(judge, Mapping):
        ((name, argument),) = judge.items()
        return str(name), argument
    return str(judge), None
