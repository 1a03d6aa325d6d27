"""Events in captured requests, compared with the field tables of their families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from ..families.fields.envelope import envelope_of
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
    except ValueError:  # its text may quote the body
        yield JudgedEvent(capture.place, reason="the body is not JSON in UTF-8")
        return
    elements = content if isinstance(content, list) and content else [content]
    header = capture.headers.get("x-adobe-event-code") or ""
    for number, element in enumerate(elements, 1):
        place = capture.place if len(elements) == 1 else f"{capture.place}, event {number}"
        carried = carried_in(element) or _content(element, code or header)
        if carried is None:
            yield JudgedEvent(place, header, reason="the body holds no event")
            continue
        said = (header, carried.code) if len(elements) == 1 else (carried.code, header)
        yield _judged(place, said[0] or said[1] or code, carried, families)


def _content(element: Any, code: str) -> CarriedEvent | None:
    """Return an object as the content of an event, if its code is known."""
    if not code or not isinstance(element, dict):
        return None
    return CarriedEvent(element, "", "event", "", element, code)


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
    found = compare(table, code, carried.content)
    if found.differences and len(described) < len(table.bodies[code]):
        reason = f"the family {family.name} has no fields for some bodies of {brief(code)}"
        return JudgedEvent(place, code, family.name, reason=reason)
    inner = (replace(each, path=_joined(carried.around, each.path)) for each in found.differences)
    whole = (*_of_envelope(carried), *inner)
    return JudgedEvent(place, code, family.name, replace(found, differences=whole))


def _of_envelope(carried: CarriedEvent) -> Sequence[FieldDifference]:
    if not carried.format_:
        return ()
    root, _ = envelope_of(carried.member, carried.format_)
    return tuple(differences(root, carried.element))


def _joined(around: str, path: str) -> str:
    between = "." if around and path and not path.startswith("[") else ""
    return f"{around}{between}{path}"
