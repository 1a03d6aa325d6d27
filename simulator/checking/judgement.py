"""From the courses of all checks to their verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..checks import FIRST, SOUND
from ..core.judging.check import Check
from ..core.judging.check_words import received
from ..core.judging.findings import Result
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged
from ..core.trace import is_accepted
from .course import LONGEST, Course

TOO_MANY = 429
"""The answer that says nothing of an event but that it is to come again (4.2)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the verdicts depend on beside each check's own course.

    ``is_sound`` tells whether the webhook accepts an event that nothing is wrong with.
    ``asks_for_keys`` tells whether the webhook ever came to our key host, which is at
    ``key_host``. ``blindness`` says why nobody could be asked what was ``processed``;
    ``is_blinded`` tells that somebody was to be asked all the same.
    """

    url: str
    is_sound: bool
    asks_for_keys: bool
    key_host: str
    processed: Mapping[str, int] | None
    blindness: str
    is_blinded: bool


def judge(courses: Sequence[Course], around: Circumstances) -> list[Result]:
    """Return the results in the order of the courses."""
    return [_result(course, around) for course in courses]


def _result(course: Course, around: Circumstances) -> Result:
    obstacle = _obstacle(course, around)
    verdict = not_judged(obstacle) if obstacle else _verdict(course, around)
    return Result(
        course.check,
        verdict,
        tuple(course.exchanges),
        course.visits,
        course.began,
        course.elapsed,
    )


def _obstacle(course: Course, around: Circumstances) -> str:
    """Return why a check cannot be judged; nothing if it can."""
    if course.obstacle:
        return course.obstacle
    if course.goes_on:
        each = sum(each.outcome.elapsed for each in course.exchanges) / len(course.exchanges)
        return (
            f"the webhook takes {each:.1f} s for an answer, and so the requests of this check "
            f"longer than {course.limit:.0f} s; let it answer first, and work afterwards"
        )
    if course.about_keys and not around.asks_for_keys:
        return (
            f"the webhook never asks the key host at http://{around.key_host}; "
            "let it fetch the keys there, at the paths that the headers name"
        )
    if not around.is_sound and _is_about_events(course):
        return (
            "the webhook refuses events that nothing is wrong with, so to refuse this one "
            f"proves nothing; see {SOUND}"
        )
    if course.check.needs_effects and around.processed is None:
        return around.blindness
    return ""


def _is_about_events(course: Course) -> bool:
    """Tell whether a check was answered no, which may have nothing to do with its claim."""
    return course.check.name not in (FIRST, SOUND) and any(
        each.events and not each.is_accepted for each in course.exchanges
    )


def _verdict(course: Course, around: Circumstances) -> Verdict:
    if course.overdue:
        last = course.exchanges[-1] if course.exchanges else None
        found = "attempts that were still going on"
        found += f", after {received(last)}" if last else ""
        return failed(f"an end within {LONGEST:.0f} s", found, last)
    seen = Observation(around.url, tuple(course.exchanges), around.processed, course.visits)
    put_off = [each for each in seen.ends if each.status == TOO_MANY]
    if put_off and course.check.group != "load" and course.check.name != FIRST:
        return not_judged(
            f"the webhook puts events off with {TOO_MANY}, and nobody waits for minutes here; "
            "let it take more for the checks"
        )
    verdict = course.check.judge(seen)
    if around.is_blinded and verdict.state == "failed" and _passes_if_idle(course.check, seen):
        return not_judged(around.blindness)
    if course.check.name == SOUND and verdict.state == "failed" and not around.asks_for_keys:
        without = f"{verdict.received}, without asking the key host at http://{around.key_host}"
        return replace(verdict, received=without)
    return verdict


def _passes_if_idle(check: Check, seen: Observation) -> bool:
    """Tell whether a webhook would pass that has processed nothing of what it acknowledged."""
    nothing = dict.fromkeys(seen.event_ids, 0)
    return check.judge(replace(seen, processed=nothing)).state == "passed"


def sent_ids(courses: Sequence[Course]) -> list[str]:
    """Return the ids of all events that were sent, each once."""
    ids = (event.id for course in courses for each in course.exchanges for event in each.events)
    return list(dict.fromkeys(ids))


def awaited_ids(courses: Sequence[Course]) -> list[str]:
    """Return the ids of acknowledged events that have to be processed, as far as checks care."""
    ids = (
        event.id
        for course in courses
        for each in course.exchanges
        if (course.check.needs_effects or course.check.uses_effects) and each.is_accepted
        for event in each.events
        if is_accepted(event.expect)
    )
    return list(dict.fromkeys(ids))
