"""A delivery as a scenario that replays the same content. Nothing is written here."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...captures import comparison
from ...captures.capture import UNKNOWN, Capture, events_of
from ...captures.carried_event import CarriedEvent, carried_in
from ...captures.content_times import time_in
from ...captures.files import file_name
from ...core import instant, json_reading, wire
from ...core.header_lines import HeaderLines
from ...core.masking import SECRET_HEADERS
from ...core.printable import brief, listed
from ...errors import FlowsimError, SettingError
from ...families.registry import Families
from ...files import yaml_writing
from ...files.yaml_documents import parse_text
from ...story.opening import story_of
from .saved_entries import entry_of, family_entry, registration_of, with_attributes

LARGEST = 256 * 1024
"""The largest body that becomes a scenario, in bytes: such files are there to be edited."""

_INSTEAD = "download the request instead: flowsim replay sends such a file again"

_ABOUT = """\
# A delivery, saved from the dashboard. flowsim replay FILE --target URL sends its content again,
# with ids, faults and expectations that can be edited. It has none of the delivery's attempts,
# duplicates and faults of sending.
"""

_MOST_MOMENTS = 4
"""At how many moments a story is tried."""


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """The text of a scenario and a name for its file.

    ``notes`` say what of the delivery it does not send again.
    """

    name: str
    text: str
    notes: tuple[str, ...] = ()


def saved_scenario(
    headers: Iterable[tuple[str, str]],
    body: bytes,
    at: datetime,
    families: Families,
    seed: int = 7,
) -> SavedScenario:
    """Return a scenario whose story has the same content.

    ``at`` is when the delivery was made, on the service's clock. The story begins then, or at a
    moment that stands in the content: the first that yields the same elements. The scenario is
    read and run for that, and what it sends is compared with the body. Raises ``SettingError``
    with one sentence for a body that no scenario can send.
    """
    capture = Capture("the delivery", at, HeaderLines(headers), body)
    elements = _elements(body)
    carried = [_carried(each) for each in elements]
    code = capture.headers.get("x-adobe-event-code", "")
    whole = {
        "description": _description(code),
        "seed": seed,
        "at": None,
        "registration": registration_of(capture.headers, carried, is_list=_is_list(body)),
        "events": [entry_of(each, code if len(carried) == 1 else each.code) for each in carried],
    }
    moments = [*dict.fromkeys((at, *_moments_in(carried)))][:_MOST_MOMENTS]
    text, notes = _best(whole, moments, elements, carried, families)
    return SavedScenario(_name(capture, at), _head(notes) + text, notes)


def request_file(headers: Iterable[tuple[str, str]], body: bytes, url: str) -> bytes:
    """Return the request as a ``.http`` file, which ``flowsim replay`` sends again byte for byte.

    Headers with secrets are left out. Raises ``SettingError`` for a URL or headers that cannot
    stand in a request.
    """
    shown = HeaderLines(line for line in headers if line[0].lower() not in SECRET_HEADERS)
    sent = Capture("", None, shown, body).sent_headers()
    try:
        return wire.raw_request(url, sent, body)
    except ValueError as error:
        raise SettingError(f"cannot be a file: {brief(str(error))}") from None


def _best(
    whole: Mapping[str, Any],
    moments: Iterable[datetime],
    elements: list[Any],
    carried: list[CarriedEvent],
    families: Families,
) -> tuple[str, tuple[str, ...]]:
    """Return the text and the notes of a scenario that begins at one of some moments.

    It is the first without notes, else the first that has the content.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    refusals: list[SettingError] = []
    for moment in moments:
        try:
            dated = {**whole, "at": instant.spell(moment)}
            told = _with_families(dated, carried, families)
            again = with_attributes(told, elements, _sent_by(_text(told), families))
            text = _text(again)
            found.append((text, _notes(carried, elements, _sent_by(text, families))))
        except SettingError as error:
            refusals.append(error)
        if found and not found[-1][1]:
            return found[-1]
    if not found:
        raise refusals[0]
    return found[0]


def _moments_in(carried: Iterable[CarriedEvent]) -> Iterator[datetime]:
    """Yield moments that envelopes say: times of CloudEvents and of messages."""
    for each in carried:
        messages = each.content if isinstance(each.content, list) else []
        for holder in (each.element, *messages):
            values = holder.values() if isinstance(holder, dict) else ()
            yield from (found.moment for found in map(time_in, values) if found is not None)


def _elements(body: bytes) -> list[Any]:
    if len(body) > LARGEST:
        found = f"the body has {len(body):,} bytes; expected at most {LARGEST:,}"
        raise SettingError(f"cannot be saved as a scenario: {found}; {_INSTEAD}")
    try:
        content = json_reading.parse_body(body)
    except ValueError:
        raise SettingError(f"the body is not JSON in UTF-8, so {_INSTEAD}") from None
    return content if isinstance(content, list) and content else [content]


def _is_list(body: bytes) -> bool:
    return body.lstrip(b" \t\r\n").startswith(b"[")


def _carried(element: Any) -> CarriedEvent:
    found = carried_in(element)
    if found is None:
        raise SettingError(f"the body holds no event, so {_INSTEAD}")
    return found


def _head(notes: Iterable[str]) -> str:
    """Return the comment at the head of a file, with what it does not send again."""
    lines = (each for note in notes for each in textwrap.wrap(f"{note[:1].upper()}{note[1:]}.", 96))
    return _ABOUT + "".join(f"# {line}\n" for line in lines)


def _description(code: str) -> str:
    return f"A delivery of {brief(code) or 'an event'}, as it was sent."


def _name(capture: Capture, at: datetime) -> str:
    """Return the name of the file: event code, then number and moment are left out."""
    first = events_of(capture, at)[0]
    known = [each for each in (first.code, first.id[:8]) if each and each != UNKNOWN]
    plain = file_name(1, at, "-".join(known)).split("Z-", 1)[1]
    return f"{re.sub('^[.-]+', '', plain) or 'delivery'}.yaml"


def _with_families(
    whole: Mapping[str, Any], carried: list[CarriedEvent], families: Families
) -> Mapping[str, Any]:
    """Return a scenario with entries of their families for events that stand in ``messages``.

    A payload has no ``messages``. Such events are made once without changes, to find how they
    differ from those of the body.
    """
    stands = [each.member == "messages" and each.format_ == "adobe_io" for each in carried]
    if not any(stands):
        return whole
    plain = _with_entries(whole, carried, [None] * len(carried), families)
    made = [carried_in(each) for each in _sent_by(_text(plain), families)]
    members = [each.member if each is not None else "" for each in made]
    if members != [each.member for each in carried]:
        raise SettingError(f"the event stands in messages, so {_INSTEAD}")
    return _with_entries(whole, carried, made, families)


def _with_entries(
    whole: Mapping[str, Any],
    carried: list[CarriedEvent],
    made: Sequence[CarriedEvent | None],
    families: Families,
) -> Mapping[str, Any]:
    """Return a scenario in which entries of families stand for events in ``messages``."""
    entries = list(whole["events"])
    for index, (each, found) in enumerate(zip(carried, made, strict=True)):
        if each.member == "messages" and each.format_ == "adobe_io":
            try:
                entries[index] = family_entry(each, found, families)
            except LookupError:
                raise SettingError(f"the event stands in messages, so {_INSTEAD}") from None
    return {**whole, "events": entries}


def _text(whole: Mapping[str, Any]) -> str:
    return "".join(f"{line}\n" for line in yaml_writing.block(whole))


def _sent_by(text: str, families: Families) -> list[Any]:
    """Return the elements that a scenario sends in its first request."""
    try:
        story = story_of("saved", parse_text(text, "saved.yaml"), families=families)
        bodies = [each.body for each in story.payloads()]
    except FlowsimError as error:
        reason = brief(str(error).splitlines()[0])
        raise SettingError(f"cannot be saved as a scenario: {reason}; {_INSTEAD}") from None
    return _elements(bodies[0]) if len(bodies) == 1 else [json.loads(each) for each in bodies]


def _notes(carried: list[CarriedEvent], elements: list[Any], sent: list[Any]) -> tuple[str, ...]:
    """Return which members of envelopes are not kept; raises ``SettingError`` for content."""
    again = [carried_in(each) for each in sent]
    changed: dict[str, None] = {}
    if len(again) != len(carried):
        raise SettingError(f"the events would not travel together, so {_INSTEAD}")
    for own, other in zip(carried, again, strict=True):
        if other is None or other.content != own.content:
            raise SettingError(f"a scenario cannot say exactly this content, so {_INSTEAD}")
    for element, made in zip(elements, sent, strict=True):
        for each in comparison.differences(element, made):
            changed[str(each.path[0]) if each.path else "the form"] = None
        for way in comparison.spellings(element, made):
            changed[way] = None
    names = brief(listed([*changed], 20))
    return (f"not kept as it was, but made by flowsim: {names}",) if changed else ()
