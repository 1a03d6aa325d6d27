"""Events in captured requests, compared with the field tables of their families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from ..core import json_reading
from ..core.header_lines import HeaderLines
from ..core.printable import brief
from ..families.fields.conformity import (
    Conformity,
    FieldDifference,
    compare,
    differences,
    family_of,
)
from ..families.fields.envelope import ENVELOPE_IDS, envelope_of
from ..families.fields.table import FieldTable
from ..families.registry import Families
from . import files, operands
from .capture import Capture
from .carried_event import CarriedEvent, carried_in

_NO_CODE = "neither a header nor the body says an event code; --event CODE names it"


@dataclass(frozen=True, slots=True)
class JudgedEvent:
    """One event of a captured request.

    ``place`` is its file, its request in the file and its number in the body. ``reason`` says why
    it was not judged; it is empty if there is a ``conformity``, whose paths begin in the body.
    """

    place: str
    code: str = ""
    family: str = ""
    conformity: Conformity | None = None
    reason: str = ""

    @property
    def conforms(self) -> bool:
        """Whether it was judged and has no difference."""
        return self.conformity is not None and not self.conformity.differences


def read(name: str, *, everything: bool = False) -> files.Captures:
    """Return captured requests, or one request that has the bytes of another file as its body.

    Of an archive only deliveries are returned, unless ``everything`` is set. Raises
    ``SettingError`` for what cannot be read.
    """
    if files.are_at(name):
        return files.read(name, everything)
    body = operands.body_of(name)
    return files.Captures(name, (Capture(name, None, HeaderLines(()), body),), 0, Path(name).parent)


def judge(capture: Capture, families: Families, code: str = "") -> Iterator[JudgedEvent]:
    """Yield the events of a request, at least one; a body without events is not judged.

    ``code`` is the event code of events that say none; then any object is an event.
    """
    try:
        content = json_reading.parse_body(capture.body)
    except ValueError as error:
        reason = f"the body is not JSON in UTF-8{place_in_body(error)}"
        yield JudgedEvent(capture.place, reason=reason)
        return
    elements = content if isinstance(content, list) and content else [content]
    header = capture.headers.get("x-adobe-event-code") or ""
    for number, element in enumerate(elements, 1):
        place = capture.place if len(elements) == 1 else f"{capture.place}, event {number}"
        carried = carried_in(element) or _content(element, code or header)
        if carried is None:
            yield JudgedEvent(place, header, reason=_reason(element))
            continue
        said = (header, carried.code) if len(elements) == 1 else (carried.code, header)
        yield _judged(place, said[0] or said[1] or code, carried, families)


def place_in_body(error: ValueError) -> str:
    """Return where a body ends to be JSON: ``: line 1, column 5``, or nothing if not known.

    The text of the error may quote the body.
    """
    if isinstance(error, JSONDecodeError):
        return f": line {error.lineno}, column {error.colno}"
    return f": byte {error.start + 1}" if isinstance(error, UnicodeDecodeError) else ""


def _content(element: Any, code: str) -> CarriedEvent | None:
    """Return an object as the content of an event, if its code is known.

    One with an id of an envelope is an envelope without content.
    """
    if not code or not isinstance(element, dict):
        return None
    if ENVELOPE_IDS & element.keys():
        return CarriedEvent(element, "adobe_io", "event", "event", None, code)
    return CarriedEvent(element, "", "event", "", element, code)


def _reason(element: Any) -> str:
    if isinstance(element, dict) and ENVELOPE_IDS & element.keys():
        return "the body is an envelope without the member event; --event CODE compares the rest"
    return "the body holds no event"


def _judged(place: str, code: str, carried: CarriedEvent, families: Families) -> JudgedEvent:
    if not code:
        return JudgedEvent(place, reason=_NO_CODE)
    family = family_of(code, families)
    if family is None:
        option = "" if families.files else " (--families DIR)"
        reason = f"no family has the event code {brief(code)}; expected one that has it{option}"
        return JudgedEvent(place, code, reason=reason)
    table = family.fields()
    if not (described := table.described(code)):
        reason = f"the family {family.name} has no fields for {brief(code)}"
        return JudgedEvent(place, code, family.name, reason=reason)
    has_content = carried.member in carried.element or carried.format_ != "adobe_io"
    found = compare(table, code, carried.content if has_content else {})
    if found.differences and len(described) < len(table.bodies[code]):
        reason = f"the family {family.name} has no fields for some bodies of {brief(code)}"
        return JudgedEvent(place, code, family.name, reason=reason)
    inner = (replace(each, path=_joined(carried.around, each.path)) for each in found.differences)
    whole = (*_of_envelope(carried, table), *(inner if has_content else ()))
    return JudgedEvent(place, code, family.name, replace(found, differences=whole))


def _of_envelope(carried: CarriedEvent, table: FieldTable) -> Sequence[FieldDifference]:
    if not carried.format_:
        return ()
    root, _ = envelope_of(carried.member, carried.format_, own=table.envelope)
    return tuple(differences(root, carried.element))


def _joined(around: str, path: str) -> str:
    between = "." if around and path and not path.startswith("[") else ""
    return f"{around}{between}{path}"
