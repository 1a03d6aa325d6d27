"""What of a captured CloudEvent's envelope a family does not tell again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.payload import RECIPIENT_NAMES, source_of
from ..core.printable import brief

_KNOWN = {"specversion", "id", "source", "type", "time", "datacontenttype", "data"}
_KNOWN |= {"event_id", "eventid", *RECIPIENT_NAMES}
"""Attributes of a CloudEvent that every family has."""

_FORMS = {
    "id": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID"),
    "time": (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "a time as 2026-01-15T09:30:00.000Z"),
    "specversion": (r"1\.0", "1.0"),
    "datacontenttype": ("application/json", "application/json"),
}
"""Attribute → the form that flowsim writes, and what it is."""


def notes_of(element: Mapping[str, Any], provider: str) -> Iterator[str]:
    """Yield what is left out of an envelope, and what is written in another form.

    ``provider`` is the provider metadata id of the family.
    """
    others = [each for each in element if each not in _KNOWN]
    if others:
        yield f"left out beside data: {brief(', '.join(others))}"
    forms = {**_FORMS, "source": (re.escape(source_of(provider)), source_of(provider))}
    changed = [
        f"{name} ({written})"
        for name, (form, written) in forms.items()
        if name in element and not _has_form(element[name], form)
    ]
    if changed:
        yield f"not kept as captured, but written in flowsim's form: {', '.join(changed)}"


def _has_form(value: Any, form: str) -> bool:
    return isinstance(value, str) and re.fullmatch(form, value) is not None
