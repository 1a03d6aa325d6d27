"""What a check sends: the events of a story, and probes.

The story is a real scenario, parsed as any other. Probes are challenges and validations
(docs/adobe/io-events-protocol.md §3). They do not go through the dispatcher: they are no
deliveries, and are neither signed nor tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from ..core import challenge
from ..core.identifiers import uuid4
from ..core.targets import with_query
from ..delivery.transport import Client
from ..faults.edits import with_texts
from ..files.document import Document
from ..runtime.clock import present
from ..story.opening import story_of
from ..story.story import Story
from .check import ChallengeProbe, Check, Probe
from .hosts import Hosts
from .observation import Exchange
from .subject import Subject


@dataclass(frozen=True, slots=True)
class CheckStories:
    """Makes the stories of all checks of one run.

    ``token`` is new each time: all event ids follow from it, so no webhook has seen them
    before. ``seed`` decides everything else. ``foreign`` is the address of our foreign host for
    keys, ``foreign_http`` where it speaks plain HTTP.
    ``subject`` is what events are about that do not say.
    """

    client_id: str
    delivery_format: str | None
    seed: int
    token: str
    foreign: str
    foreign_http: str
    subject: Subject

    def story(self, check: Check) -> Story:
        """Return the story of a check; it begins now, or as long ago as the check says."""
        content = self.scenario(check.name, check.claim, check.events, check.registration)
        document = Document(f"the check {check.name}", content)
        now = present() - timedelta(seconds=check.age)
        return story_of(check.name, document, now=now, families=self.subject.families)

    def scenario(
        self, name: str, claim: str, events: Sequence[Any], registration: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what a scenario file with the events of a check would hold."""
        words = {
            "{foreign}": self.foreign,
            "{foreign-http}": self.foreign_http,
            "{same}": new_id(self.token, name),
            "{client-id}": self.client_id,
        }
        change = partial(_replaced, words=words)
        usual = {"client_id": self.client_id, "event_delivery_format": self.delivery_format}
        return {
            "description": f"{claim} {self.token}",
            "seed": self._number(name),
            "registration": {**usual, **with_texts(registration, change)},
            "events": [self._complete(with_texts(event, change)) for event in events],
        }

    def _complete(self, event: Any) -> Any:
        if not isinstance(event, Mapping):  # a mistake, which the scenario's parser explains
            return event
        return self.subject.completed(event)

    def _number(self, name: str) -> int:
        """Return the seed of the story of a check: each check has other runs."""
        return int.from_bytes(sha256(f"{self.seed}/{name}".encode()).digest()[:7], "big")


def new_id(token: str, name: str) -> str:
    """Return a UUID that follows from the token of a check run and a name."""
    return uuid4(sha256(f"{token}/{name}".encode()).digest())


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """Return a text in which some words are replaced."""
    for word, other in words.items():
        text = text.replace(word, other)
    return text


@dataclass(frozen=True, slots=True)
class Prober:
    """Sends probes to a webhook; ``elapsed`` returns how many seconds the run has lasted."""

    url: str
    client: Client
    hosts: Hosts
    token: str
    elapsed: Callable[[], float]

    async def send(self, check: Check, number: int, probe: Probe) -> Exchange:
        """Send one probe of a check."""
        identity, value = (
            new_id(self.token, f"{check.name}/{number}/{part}") for part in ("id", "value")
        )
        if isinstance(probe, ChallengeProbe):
            url = challenge.challenge_url(
                with_query(self.url, probe.query), f"{probe.prefix}{value}"
            )
            headers = challenge.headers_of(identity, present())
            return await self._exchange("GET", url, headers, b"")
        host = self.hosts.foreign_http if probe.foreign else self.hosts.keys
        link = challenge.validation_url(f"http://{host}", identity, value)
        body = challenge.validation_body(link)
        headers = challenge.headers_of(identity, present(), body)
        return await self._exchange("POST", self.url, headers, body)

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Exchange:
        began = self.elapsed()
        outcome = await self.client.send(url, headers, body, method)
        return Exchange(method, url, headers, body, outcome, began)
