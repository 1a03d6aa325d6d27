"""A delivery as a scenario that replays the same content. Nothing is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...captures import comparison
from ...captures.capture import UNKNOWN, Capture, events_of
from ...captures.carried_event import CarriedEvent, carried_in
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
from .saved_entries import entry_of, family_entry, registration_of

LARGEST = 256 * 1024
"""The largest body that becomes a scenario, in bytes: such files are there to be edited."""

_INSTEAD = "download the request instead: flowsim replay sends such a file again"

_HEAD = """\
# A delivery, saved from the dashboard. flowsim replay FILE --target URL sends its content again,
# with ids, faults and expectations that can be edited.
"""


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
    """Return a scenario whose story has the same content, at the same moment.

    ``at`` is when the delivery was made, on the service's clock. The scenario is read and run
    once, and what it sends is compared with the body. Raises ``SettingError`` with one sentence
    for a body that no scenario can send.
    """
    capture = Capture("the delivery", at, HeaderLines(headers), body)
    elements = _elements(body)
    carried = [_carried(each) for each in elements]
    code = capture.headers.get("x-adobe-event-code", "")
    head = {"description": _description(code), "seed": seed, "at": instant.spell(at)}
    registration = registration_of(capture.headers, carried, is_list=_is_list(body))
    entries = [entry_of(each, code if len(carried) == 1 else each.code) for each in carried]
    whole = {**head, "registration": registration, "events": entries}
    if carried[0].member == "messages" and carried[0].format_ == "adobe_io":
        whole = _with_family(whole, carried[0], families)
    text = _HEAD + "".join(f"{line}\n" for line in yaml_writing.block(whole))
    sent = _sent_by(text, families)
    return SavedScenario(_name(capture, at), text, tuple(_notes(carried, elements, sent)))


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


def _description(code: str) -> str:
    return f"A delivery of {brief(code) or 'an event'}, as it was sent."


def _name(capture: Capture, at: datetime) -> str:
    """Return the name of the file: event code, then number and moment are left out."""
    first = events_of(capture, at)[0]
    known = [each for each in (first.code, first.id[:8]) if each and each != UNKNOWN]
    plain = file_name(1, at, "-".join(known)).split("Z-", 1)[1]
    return f"{re.sub('^[.-]+', '', plain) or 'delivery'}.yaml"


def _with_family(whole: Mapping[str, Any], carried: CarriedEvent, families: Families) -> Any:
    """Return a scenario with an entry of the event's family: a payload has no ``messages``.

    Such an event is made once without changes, to find how it differs from the one captured.
    """
    try:
        plain = {**whole, "events": [family_entry(carried, None, families)]}
    except LookupError:
        raise SettingError(f"the event stands in messages, so {_INSTEAD}") from None
    text = "".join(f"{line}\n" for line in yaml_writing.block(plain))
    made = carried_in(_sent_by(text, families)[0])
    if made is None or made.member != carried.member:
        raise SettingError(f"the event stands in messages, so {_INSTEAD}")
    return {**whole, "events": [family_entry(carried, made, families)]}


def _sent_by(text: str, families: Families) -> list[Any]:
    """Return the elements that a scenario sends in its first request."""
    try:
        story = story_of("saved", parse_text(text, "saved.yaml"), families=families)
        bodies = [each.body for each in story.payloads()]
    except FlowsimError as error:
        reason = brief(str(error).splitlines()[0])
        raise SettingError(f"cannot be saved as a scenario: {reason}; {_INSTEAD}") from None
    return _elements(bodies[0]) if len(bodies) == 1 else [json.loads(each) for each in bodies]


def _notes(carried: list[CarriedEvent], elements: list[Any], sent: list[Any]) -> list[str]:
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
    return [f"not kept as it was, but made by flowsim: {names}"] if changed else []
