"""Reads the files in ``samples/``: a printed event each, and the entry that reproduces it.

================== ==============================================================================
``sample``         the file of the print, from the root of the project
``element``        which one, if the print is a list of events
``whole``          true: the print is a delivered event; false: only its content, or the content
                   with some attributes of a CloudEvent, in any order
``at``             when the entry begins
``before``         entries that the entry names, if it names some
``entry``          the entry whose event is the print, value for value
``event``          which event of the entry
``override_because`` a reason for each member that the entry overrides
``format``         the delivery format; the names of ids are ``as-documented``
``by_default``     an entry whose event has the structure of the print
``default_event``  which event of that; that of ``event``, if it is not stated
================== ==============================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flowsim.core.payload import Payload
from flowsim.families.base import Family
from flowsim.files import yaml_documents

from ...checkout import CHECKOUT
from ...story.test_story import story_of
from ..told import family_of

FOLDER = Path(__file__).parent / "samples"

Json = dict[str, Any]


@dataclass(frozen=True)
class SampleFile:
    """One file."""

    path: Path

    def __repr__(self) -> str:
        return self.path.name

    @cached_property
    def said(self) -> Json:
        """Return what the file says."""
        text = self.path.read_text("utf-8")
        found: Json = yaml_documents.parse_text(text, self.path.name).value
        return found

    @cached_property
    def printed(self) -> Any:
        """Return the printed event."""
        found = json.loads((CHECKOUT / self.said["sample"]).read_text("utf-8"))
        return found[self.said["element"]] if "element" in self.said else found

    @property
    def override(self) -> Json:
        """Return what the entry overrides."""
        found: Json = self.said["entry"].get("override", {})
        return found

    @cached_property
    def event(self) -> Told:
        """Return the event that is the print, value for value."""
        return self._told(self.said["entry"])[self.said["event"]]

    @cached_property
    def without_override(self) -> Told:
        """Return the same event without the override."""
        plain = {name: said for name, said in self.said["entry"].items() if name != "override"}
        return self._told(plain)[self.said["event"]] if self.override else self.event

    @cached_property
    def by_default(self) -> Told:
        """Return the event that has the structure of the print."""
        number = self.said.get("default_event", self.said["event"])
        return self._told(self.said["by_default"])[number]

    @property
    def family(self) -> Family:
        """Return the family."""
        return family_of(self.event.event_code)

    def _told(self, entry: Mapping[str, Any]) -> list[Told]:
        """Return the events of an entry in the format of the file, as they are delivered."""
        before = self.said.get("before", [])
        made = delivered(self.said["at"], [*before, entry], self.said["format"])
        return made[len(delivered(self.said["at"], before, self.said["format"])) :]

    def shown(self, event: Told) -> Any:
        """Return as much of an event as is printed."""
        if self.is_in_short:
            return {name: event.element[name] for name in self.printed}
        return event.element if self.said["whole"] else event.content

    @property
    def is_in_short(self) -> bool:
        """Whether the print has some attributes of a CloudEvent, in any order."""
        return not self.said["whole"] and self.printed.keys() >= {"data", "time"}


@dataclass(frozen=True)
class Told:
    """One event: its code, what is delivered, and the content in it."""

    event_code: str
    element: Any
    content: Any


def delivered(at: str, entries: Sequence[Mapping[str, Any]], format_: str) -> list[Told]:
    """Return the events of a scenario, with the names of ids as they are documented."""
    form = {"names": "as-documented", "event_delivery_format": format_}
    scenario = {"seed": 7, "at": at, "registration": form, "events": [*entries]}
    return [_told(each) for each in story_of(scenario).payloads()] if entries else []


def _told(payload: Payload) -> Told:
    (event,) = payload.events
    said = event.notification
    return Told(said.event_code, json.loads(payload.body), said.content)


SAMPLES = [SampleFile(path) for path in sorted(FOLDER.glob("*.yaml"))]
"""All of them; each tells its stories once."""
