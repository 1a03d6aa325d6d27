"""An event as each delivery format carries it, to be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...core import json_writing, payload
from ...core.event import Event
from ...core.printable import printable
from ...families.base import Family
from ...families.data.mistakes import GRADES
from ...families.fields.envelope import FORMATS
from ...faults import disturbance
from ...story.story import Story

LONGEST = 40_000
"""Characters of a shown body, at most."""


@dataclass(frozen=True, slots=True)
class ShownFormat:
    """A request body in one delivery format.

    ``grade`` is that of the evidence that the family's events have this format; it is empty for a
    format that the family does not name. ``is_guess`` is true then, and for the grade ``gap``.
    ``about`` says it in words. ``text`` is indented JSON, or the bytes as text if a fault left no
    JSON; it ends early if it ``is_cut``. ``size`` is the number of bytes that are sent.
    """

    name: str
    grade: str
    is_guess: bool
    about: str
    content_type: str
    text: str
    is_cut: bool
    size: int


def formats_of(family: Family, story: Story, event: Event) -> Iterator[ShownFormat]:
    """Yield an event of a story in each delivery format; the family's default comes first."""
    usual = next(iter(family.formats), FORMATS[0])
    for name in sorted(FORMATS, key=lambda each: each != usual):
        built = _built(family, story, event, name)
        text = _text(built.body)
        grade = family.formats.get(name, "")
        yield ShownFormat(
            name,
            grade,
            grade in ("", "gap"),
            _about(name, grade, is_usual=name == usual),
            built.content_type,
            text[:LONGEST],
            len(text) > LONGEST,
            len(built.body),
        )


def _built(family: Family, story: Story, event: Event, name: str) -> payload.Payload:
    """Return the request body that carries an event alone, with its faults.

    An event that Adobe delivers to journals only is shown as an entry of a journal, without faults.
    """
    form = {"event_delivery_format": name, "delivery_type": "webhook"}
    registration = story.scenario.registration.model_copy(update=form)
    built = payload.single(event, registration)
    if family.journal_only:
        return replace(built, body=payload.journal_element(event, registration))
    return disturbance.payload(built)


def _about(name: str, grade: str, *, is_usual: bool) -> str:
    """Return a sentence about the evidence for a format."""
    if not grade:
        return f"No source names {name} for these events: flowsim assumes how they look."
    if grade == "gap":
        return f"No source shows these events in {name}: flowsim assumes how they look."
    words = f"{GRADES[grade].capitalize()}, the default" if is_usual else GRADES[grade].capitalize()
    return f"{words}."


def _text(body: bytes) -> str:
    try:
        return json_writing.indented(json.loads(body))
    except (ValueError, RecursionError):
        return printable(body[: 2 * LONGEST].decode("utf-8", "replace"))
