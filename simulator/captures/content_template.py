"""Captured content as a body of a family: ids are drawn, times follow from ``begin``.

All other values stay as they were captured, whatever stands in their texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..families.data.mistakes import is_name
from ..families.data.placeholders import literal
from ..families.fields.paths import Steps
from .content_times import time_in

_GROUPS = "{0}{{8}}-{0}{{4}}-{0}{{4}}-{0}{{4}}-{0}{{12}}"
_ID = re.compile(
    rf"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{{2}}))(?:({_GROUPS.format('[0-9a-f]')})"
    rf"|({_GROUPS.format('[0-9A-F]')})|([0-9A-F]{{24}})@AdobeOrg)(?![0-9A-Za-z])"
)
"""A uuid in small letters, one in capitals, or an organisation, alone or inside a text.

Inside a text, anything but letters and digits separates it, and so does ``%2F`` before it.
"""

HEX = re.compile(r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{16,256}")
"""A text of hexadecimal digits that is long enough to be an id; with digits and letters."""

_NIL = "00000000-0000-0000-0000-000000000000"
_LONGEST_NAME = 40
_LONGEST_SAID = 1_000

CLIENT = "client_id"
"""The name of what a scenario may say for the client id of the recipient."""


class ContentTemplate:
    """The body that captured content becomes, with the draws and settings that it uses.

    ``begin`` is the moment of the event, None if it is not known: times then stay as they were.
    ``client`` is the client id of its recipient, which stays a setting wherever it stands alone.
    """

    def __init__(self, content: Any, begin: datetime | None, client: str) -> None:
        self.draws: dict[str, str] = {}
        self.says: dict[str, Any] = {}
        self._begin = begin
        self._client = client if 0 < len(client) <= _LONGEST_SAID else ""
        self._names: dict[str, str] = {}
        self._org = ""
        self._times = Counter[str]()
        self.body = self._value(content, ())

    def of_member(self, name: str, value: Any) -> Any:
        """Return what a member beside the content becomes, with the draws of the content."""
        return self._value(value, (name,))

    def has_id(self, value: str) -> bool:
        """Tell whether an id of the content stands in a text."""
        return any(each in value.lower() for each in map(str.lower, self._names))

    def _value(self, value: Any, steps: Steps) -> Any:
        if isinstance(value, dict):
            return {
                next(iter(literal({key: None}))): self._value(each, (*steps, key))
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(each, (*steps, None)) for each in value]
        found = time_in(value) if self._begin is not None else None
        if found is not None and self._begin is not None:
            expression = found.expression(self._begin)
            if expression:
                return f"{{{{ {expression} }}}}"
        return self._text(value, steps) if isinstance(value, str) else value

    def _text(self, text: str, steps: Steps) -> str:
        if text == self._client:
            self.says[CLIENT] = {"text": text, "about": "The client id of the recipient."}
            return f"{{{{ {CLIENT} }}}}"
        if HEX.fullmatch(text):
            return f"{{{{ {self._drawn(text, f'hex({len(text)})', steps)} }}}}"
        return "".join(self._pieces(text, steps))

    def _pieces(self, text: str, steps: Steps) -> Iterator[str]:
        position = 0
        for found in _ID.finditer(text):
            if found[0] == _NIL:
                continue
            yield _before_placeholder(text[position : found.start()])
            yield f"{{{{ {self._id(found, steps)} }}}}"
            position = found.end(3 if found[3] and found[3] != self._org else 0)
        yield literal(text[position:])

    def _id(self, found: re.Match[str], steps: Steps) -> str:
        if found[3]:
            self._org = self._org or found[3]
            if found[3] == self._org:
                return self._drawn(found[3], "org()", ("org",))
            return f"{self._drawn(found[3], 'hex(24)', ('org',))} | upper"
        name = self._drawn(found[0].lower(), "uuid()", steps)
        return f"{name} | upper" if found[2] else name

    def _drawn(self, value: str, draw: str, steps: Steps) -> str:
        """Return the name of the draw for an id: the same id has the same draw everywhere."""
        if value not in self._names:
            self._names[value] = name = self._new_name(steps)
            self.draws[name] = draw
        return self._names[value]

    def _new_name(self, steps: Steps) -> str:
        """Return a name after the member that has the id, and the one around it if that helps."""
        words = [_snake(each) for each in steps if each is not None]
        if steps[-1:] == (None,):
            words.append("id")
        used = words[-2:] if words[-1:] in (["id"], ["uuid"]) else words[-1:]
        name = "_".join(filter(None, used))[-_LONGEST_NAME:].strip("_")
        name = next(filter(is_name, (name, f"id_{name}")), "id")
        found = name
        while found in self.draws or found == CLIENT:
            self._times[name] += 1
            found = f"{name}_{self._times[name] + 1}"
        return found


def _before_placeholder(text: str) -> str:
    """Return literal text whose last brace does not join those of what follows."""
    written: str = literal(text)
    return f"{written[:-1]}{{{{ '{{' }}}}" if written.endswith("{") else written


def _snake(text: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text[:_LONGEST_NAME])
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
