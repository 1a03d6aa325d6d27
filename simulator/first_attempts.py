"""Deliveries without sending them: the first attempt at each, as a replay would make it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .bootstrap import Story
from .core.delivery import Attempt, Delivery, attempt
from .core.departures import Departures
from .core.signature import SignedPayload, digest, sign_both
from .key_answers import KeyAnswers
from .signing import keys


def first_attempts(story: Story, url: str, folder: Path, answers: KeyAnswers) -> Iterator[Attempt]:
    """Yield the attempts of a story, signed with the keys in a folder.

    ``answers`` are told of the key paths that faults make up.
    """
    departures = Departures(answers.rename, lambda _: None)
    for delivery in _deliveries(story, url, folder):
        for each in departures.take(delivery):
            yield attempt(each, 1, story.chance)
    for each in departures.rest():
        yield attempt(each, 1, story.chance)


def _deliveries(story: Story, url: str, folder: Path) -> Iterator[Delivery]:
    pair = keys.load(folder)
    private, paths = [keys.parse_private(each.private_pem) for each in pair], keys.paths(pair)
    provider = story.scenario.registration.provider
    for number, payload in enumerate(story.payloads(), 1):
        signed = SignedPayload(payload, sign_both(digest(payload.body), private), paths)
        yield Delivery(number, signed, payload.events[0].time, url, provider)
