"""From a check to its story: a real scenario, parsed as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from ..core.identifiers import uuid4
from ..files.document import Document
from ..runtime.clock import present
from ..story.opening import story_of
from ..story.story import Story
from .check import Check

USUAL = {"flow_run": {"records": {"input": 1000, "failed": 0}}}
"""What an event of a check is about, if it does not say: a run that went well."""


@dataclass(frozen=True, slots=True)
class CheckStories:
    """Makes the stories of all checks of one run.

    ``token`` is new each time: all event ids follow from it, so no webhook has seen them
    before. ``seed`` decides everything else. ``foreign`` is the address of our foreign host for
    keys, ``foreign_http`` where it speaks plain HTTP.
    """

    client_id: str
    delivery_format: str
    seed: int
    token: str
    foreign: str
    foreign_http: str

    def story(self, check: Check) -> Story:
        """Return the story of a check; it begins now, or as long ago as the check says."""
        content = self.scenario(check.name, check.claim, check.events, check.registration)
        document = Document(f"the check {check.name}", content)
        return story_of(check.name, document, now=present() - timedelta(seconds=check.age))

    def scenario(
        self, name: str, claim: str, events: Sequence[Any], registration: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what a scenario file with the events of a check would hold."""
        words = {
            "{foreign}": self.foreign,
            "{foreign-http}": self.foreign_http,
            "{same}": self._id(name),
        }
        usual = {"client_id": self.client_id, "event_delivery_format": self.delivery_format}
        return {
            "description": f"{claim} {self.token}",
            "seed": self._number(name),
            "registration": {**usual, **registration},
            "events": [_complete(replaced(event, words)) for event in events],
        }

    def _id(self, name: str) -> str:
        return uuid4(sha256(f"{self.token}/{name}".encode()).digest())

    def _number(self, name: str) -> int:
        """Return the seed of a check's own story: no two checks have the same runs."""
        return int.from_bytes(sha256(f"{self.seed}/{name}".encode()).digest()[:7], "big")


def _complete(event: Any) -> Any:
    if not isinstance(event, Mapping):  # a mistake, which the scenario's parser explains
        return event
    is_complete = "flow_run" in event or "payload" in event
    return dict(event) if is_complete else {**USUAL, **event}


def replaced(value: Any, words: Mapping[str, str]) -> Any:
    """Return a value in whose texts some words are replaced."""
    if isinstance(value, str):
        for word, other in words.items():
            value = value.replace(word, other)
        return value
    if isinstance(value, Mapping):
        return {key: replaced(each, words) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(each, words) for each in value]
    return value
