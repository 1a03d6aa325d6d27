"""From a check to the story that is told for it: a real scenario, parsed as any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from ..bootstrap import Story, story_of
from ..clock import present
from ..core.document import Document
from ..core.identifiers import uuid4
from ..core.judging.check import Check

SOUND = {"flow_run": {"records": {"input": 1000, "failed": 0}}}
"""What an event of a check tells, if it does not say: a run that went well."""


@dataclass(frozen=True, slots=True)
class Script:
    """What the stories of one run have in common.

    ``token`` is new each time: all event ids follow from it, so no webhook has seen them
    before. ``seed`` decides everything else. ``foreign`` is where our foreign host is for
    whoever looks for keys, ``foreign_http`` where it speaks plain HTTP.
    """

    client_id: str
    delivery_format: str
    seed: int
    token: str
    foreign: str
    foreign_http: str

    def story(self, check: Check) -> Story:
        """Return the story of a check; it is told as of the present, or of the check's age."""
        words = {
            "{foreign}": self.foreign,
            "{foreign-http}": self.foreign_http,
            "{same}": self._id(check.name),
        }
        begin = present() - timedelta(seconds=check.age)
        registration = {
            "client_id": self.client_id,
            "event_delivery_format": self.delivery_format,
            **check.registration,
        }
        content = {
            "description": f"{check.claim} {self.token}",
            "seed": self._number(check.name),
            "registration": registration,
            "events": [_told(replaced(event, words)) for event in check.events],
        }
        return story_of(check.name, Document(f"the check {check.name}", content), now=begin)

    def _id(self, name: str) -> str:
        return uuid4(sha256(f"{self.token}/{name}".encode()).digest())

    def _number(self, name: str) -> int:
        """Return the seed of a check's own story: no two checks tell about the same runs."""
        return int.from_bytes(sha256(f"{self.seed}/{name}".encode()).digest()[:7], "big")


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    says = "flow_run" in event or "payload" in event
    return dict(event) if says else {**SOUND, **event}


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
