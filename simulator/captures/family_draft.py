"""A family's YAML file, made from one captured delivery: ready to use, and to edit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core import instant, json_reading
from ..core.identifiers import EVENT_CODE_WORDS, is_event_code
from ..core.payload import RECIPIENT_NAMES
from ..core.printable import brief
from ..errors import ScenarioError, SettingError
from ..families.data.head import PROVIDER
from ..families.data.reading import read_family
from ..families.entries import Entry, Passage
from ..families.names import RESERVED
from ..families.sources import MOST_CHARACTERS, MOST_NODES
from ..files import yaml_writing
from ..files.document import Document
from ..files.yaml_documents import parse_text
from ..runtime.chance import Chance
from .capture import Capture
from .carried_event import CarriedEvent, carried_in
from .content_fields import fields_of
from .content_template import ContentTemplate
from .content_times import latest, time_in
from .envelope_draft import envelope_of
from .files import Captures

BODY = "captured"
"""The name of the body in the file."""

_URN = re.compile(r"urn:(?:uuid|aio_provider_metadata):(.{1,255})")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class FamilyDraft:
    """The text of a family's file; ``notes`` say what of the capture is not in it."""

    name: str
    code: str
    text: str
    notes: tuple[str, ...]


def draft_of(found: Captures, name: str, taken: Collection[str], code: str = "") -> FamilyDraft:
    """Return the file for the first event of captured requests.

    Without a ``name``, it follows from the event code, and is none of ``taken``. ``code`` is the
    event code of a request that says none. Raises
    ``SettingError`` with one sentence for a request that holds no event, or one that no file can
    hold.
    """
    capture = found.captures[0]
    notes = [f"{each}; it is left out" for each in found.unread]
    if len(found.captures) > 1:
        notes.append(f"{len(found.captures)} requests: only {capture.place} is used")
    event = _event_of(capture, notes)
    code = _code_of(capture, event, code)
    name = name or _name_of(code, taken)
    text = "".join(f"{line}\n" for line in _lines(name, code, capture, event, notes))
    _expect_usable(text, name, capture.place)
    return FamilyDraft(name, code, text, tuple(notes))


def _event_of(capture: Capture, notes: list[str]) -> CarriedEvent:
    try:
        content = json_reading.parse_body(capture.body)
    except ValueError as error:
        raise SettingError(
            f"{capture.place}: the body is not JSON in UTF-8 ({brief(str(error))}); "
            "expected a delivery of I/O Events"
        ) from None
    elements = content if isinstance(content, list) and content else [content]
    if len(elements) > 1:
        notes.append(f"{capture.place}: {len(elements)} events; only the first is used")
    found = carried_in(elements[0])
    if found is None or (found.format_ == "cloud_events" and "data" not in found.element):
        wanted = "an object with event, or a CloudEvent with data"
        raise SettingError(f"{capture.place}: the body holds no event; expected {wanted}")
    if found.member == "messages":
        reason = "the event is in messages, as only failed flow runs have it"
        raise SettingError(
            f"{capture.place}: {reason}; expected an event with one object as its content"
        )
    return found


def _code_of(capture: Capture, event: CarriedEvent, otherwise: str) -> str:
    code = capture.headers.get("x-adobe-event-code") or event.code or otherwise
    if not code:
        found = f"{capture.place}: neither a header nor the body says an event code"
        raise SettingError(f"{found}; --event CODE names it")
    if not is_event_code(code):
        found = f"{capture.place}: event code {brief(code)}"
        raise SettingError(f"{found}; expected {EVENT_CODE_WORDS}")
    return code


def _name_of(code: str, taken: Collection[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", code.removeprefix("com.adobe.").lower()).strip("_")
    short = words[:_LONGEST_NAME].strip("_")
    is_name = short[:1].isalpha() and not short.startswith("model_")
    name = short if is_name else f"event_{short}".rstrip("_")
    return f"{name}_2" if name in taken or name in RESERVED else name


def _lines(
    name: str, code: str, capture: Capture, event: CarriedEvent, notes: list[str]
) -> Iterator[str]:
    client = next((event.element[each] for each in RECIPIENT_NAMES if each in event.element), "")
    client = client if isinstance(client, str) else ""
    template = ContentTemplate(event.content, _begin(capture, event), client)
    yield from _HEAD.format(place=brief(capture.place), name=name).splitlines()
    yield f"label: {yaml_writing.scalar(code)}  # the heading in lists: edit it"
    yield f"summary: {yaml_writing.scalar(f'An event {code}, as it was captured.')}  # one line"
    provider = _provider(capture, event, notes)
    envelope = envelope_of(event, provider, code, template)
    notes += [f"{capture.place}: {each}" for each in envelope.notes]
    yield f"provider: {yaml_writing.flow({'id': provider, 'label': provider})}"
    yield f"formats: {{{event.format_ or 'adobe_io'}: B}}  # A: documented; B: captured; C: derived"
    yield "codes:"
    yield from yaml_writing.block({code: {"label": code, "grade": "B"}}, 2)
    yield from _table("says", _SAYS, template.says)
    yield from _table("draws", _DRAWS, template.draws)
    yield from (_STORY, "story:")
    yield f"  - {{at: begin, code: {yaml_writing.scalar(code)}, body: {BODY}}}"
    yield "bodies:"
    yield from yaml_writing.block({BODY: template.body}, 2)
    if envelope.members:
        yield from (*_ENVELOPE.splitlines(), "envelope:")
        yield from yaml_writing.block(dict(envelope.members), 2)
    yield from _table("fields", _FIELDS, fields_of(event.content))


_HEAD = """\
# Made by flowsim family new from {place}.
# It can be used as it is. The name of the file is its key in a scenario:
#   events: [{{{name}: {{}}}}]
# docs/family-format.md explains all keys. Values are those of the capture: look for secrets
# before you share this file.
"""

_SAYS = """\
# What a scenario may say: a type and a default each, for {{ outcome }} in a body.
#   says: {outcome: {one_of: [success, failed], default: success}, amount: {count: 3}}"""

_DRAWS = "# Drawn for each entry, from the seed; a scenario may state them too."

_STORY = "# A line for each event of an entry; a time is an expression, such as begin + 90."

_ENVELOPE = """\
# The members around the content, in the order of the capture; null is what flowsim fills in.
# A scenario with registration: {names: as-documented} sends exactly these ids."""

_FIELDS = "# Types are guesses from one event. Say what each field means."


def _table(key: str, comment: str, entries: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table under its comment; without entries, the comment if it shows an example."""
    if entries or "\n" in comment:
        yield from comment.splitlines()
    if entries:
        yield f"{key}:"
    for name, each in entries.items():
        value = each if isinstance(each, str) else yaml_writing.flow(each)
        yield f"  {yaml_writing.scalar(name)}: {value}"


def _begin(capture: Capture, event: CarriedEvent) -> datetime | None:
    """Return the moment of the event: its own, the latest in its content, or when it was sent."""
    text = event.element.get("time") if event.format_ == "cloud_events" else None
    try:
        return instant.parse(text) if isinstance(text, str) else _latest(capture, event)
    except ValueError:
        found = time_in(text)
        return _latest(capture, event) if found is None else found.moment


def _latest(capture: Capture, event: CarriedEvent) -> datetime | None:
    return latest(event.content, capture.at) or capture.at


def _provider(capture: Capture, event: CarriedEvent, notes: list[str]) -> str:
    stated = capture.headers.get("x-adobe-provider")
    source = event.element.get("source") if event.format_ == "cloud_events" else None
    found = _URN.fullmatch(source) if isinstance(source, str) else None
    provider = stated or (found[1] if found else "")
    if PROVIDER.fullmatch(provider):
        return provider
    reason = f"no provider id: {brief(provider)}" if provider else "no header x-adobe-provider"
    notes.append(f"{capture.place}: {reason}; edit provider in the file")
    return "3rd_party_custom_events"


def _expect_usable(text: str, name: str, place: str) -> None:
    """Raise ``SettingError`` if the text is no family, or if its event cannot be made."""
    try:
        if len(text) > MOST_CHARACTERS:
            wanted = f"at most {MOST_CHARACTERS:,}; take a smaller event"
            raise SettingError(f"{place}: its file has {len(text):,} characters; expected {wanted}")
        family = read_family(parse_text(text, place, most=MOST_NODES), name, _no_shared_file)
        entry = Entry(family.model()())
        begin = instant.EARLIEST
        [*family.teller(Chance.of(0, ""), None).prepared(entry).tell("", begin, Passage())]
    except ScenarioError as error:
        problem = error.problems[0]
        reason = f"{problem.found}; expected {problem.expected}"
        raise SettingError(f"{place}: cannot be a family: {reason}") from None


def _no_shared_file(name: str) -> Document:
    raise LookupError(name)
