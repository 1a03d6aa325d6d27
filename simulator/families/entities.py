"""What the links in notifications lead to: objects of a family, and paths that answer with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """What a link in a notification leads to: an object that the service answers with.

    ``keys`` are further names by which it is found: kind → id, as ``{"flow": "…"}``.
    """

    id: str
    document: Json
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunState:
    """What an event says about the run of that id; ``None`` is what it does not say.

    ``status`` is Adobe's word; ``near_status`` is one that is right too, if there is one.
    ``records`` were read, ``failed`` of them rejected. ``started`` and ``ended`` are epoch seconds,
    as is ``written``: when the state was last written. ``unknown`` names the counts that the event
    calls unknown.
    """

    id: str
    status: str | None = None
    records: int | None = None
    failed: int | None = None
    started: float | None = None
    ended: float | None = None
    written: float | None = None
    near_status: str | None = None
    unknown: tuple[str, ...] = ()


class Entities(Protocol):
    """The entities of a family in the notifications that a service has published."""

    def find(self, entity_id: str) -> Json | None:
        """Return the entity with this id, as its latest notification has it."""

    def latest(self, kind: str, key: str) -> Json | None:
        """Return the entity that came last of those with this key."""

    def newest_first(self, kind: str | None = None, key: str | None = None) -> Iterator[Json]:
        """Yield all entities, or those with a key; the one with the latest event comes first."""


@dataclass(frozen=True, slots=True)
class PlatformRequest:
    """A GET request to a path of a family: values in the path, query, and our address."""

    values: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    base_url: str


@dataclass(frozen=True, slots=True)
class PlatformAnswer:
    """The answer: an object for JSON, or ``bytes`` for a file."""

    content: Json | bytes


@dataclass(frozen=True, slots=True)
class PlatformPath:
    """A path that the service answers for a family, as ``/data/…/runs/<run_id>``.

    ``answer`` raises ``ApiError`` for what does not exist.
    """

    rule: str
    answer: Callable[[Entities, PlatformRequest], PlatformAnswer]
