"""Plain values from the events of YAML, with the place of everything.

The reader works on events, not on constructed objects. So a place is known for every key,
and an alias cannot grow without bound or contain itself. A YAML library raises an exception for
tags, dates, endless numbers and deep nesting; here they are ordinary problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from ..core.printable import brief
from ..errors import Problem
from .document import Document, Path, Place
from .yaml_scalars import MERGE_KEY, is_merge_key, number_mistake, resolve, tag_problem, whole_text

DEEPEST = 100
"""The most levels of nesting that a scenario may have."""

MOST_NODES = 250_000
"""The most keys and values that a scenario may have, aliases expanded."""


class UnreadableError(Exception):
    """A mistake that ends the reading."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A value that aliases may stand for; ``path`` is where it is written."""

    value: Any
    nodes: int
    depth: int
    path: Path


class YamlReader:
    """Builds plain values from YAML's events and notes the place of each."""

    def __init__(self, file: str, wanted: str, most: int = MOST_NODES) -> None:
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.merged: dict[Path, Path] = {}
        self.problems: list[Problem] = []
        self._file = file
        self._wanted = wanted
        self._most = most
        self._anchors: dict[str, _Anchor] = {}
        self._aliases: dict[Path, Path] = {}
        self._open: set[str] = set()
        self._nodes = 0

    def document(self, events: Iterator[Event]) -> Any:
        value = None
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, (), "a second document", "one document a file")
                value = self._value(next(events), events, ())
        if documents == 0:
            raise UnreadableError(Problem(self._file, 1, 1, "", "an empty file", self._wanted))
        return value

    def _value(self, event: Event, events: Iterator[Event], path: Path) -> Any:
        """Return the value that begins with ``event``; notes its place under ``path``."""
        self.values[path] = _place(event)
        self.merged.pop(path, None)
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        assert isinstance(event, ScalarEvent | CollectionStartEvent)
        self._count(event, path, _weight(event))
        self._check_tag(event, path)
        before = self._nodes
        if event.anchor:
            self._open.add(event.anchor)
        if isinstance(event, ScalarEvent):
            value = self._scalar(event, path)
        else:
            value = self._collection(event, events, path)
        if event.anchor:
            self._open.discard(event.anchor)
            nodes = self._nodes - before + _weight(event)
            self._anchors[event.anchor] = _Anchor(value, nodes, _depth(value), path)
        return value

    def _collection(self, event: CollectionStartEvent, events: Iterator[Event], path: Path) -> Any:
        if len(path) >= DEEPEST:
            self._stop(event, path[:8], f"more than {DEEPEST} levels", "less nesting")
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        return self._sequence(events, path)

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Any]:
        value: dict[str, Any] = {}
        merged: dict[str, Path] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if isinstance(event, ScalarEvent) and is_merge_key(event):
                self._merge(event, events, path, (value, merged))
                continue
            name = self._key(event, path)
            inner = (*path, name)
            if name in value and name not in merged:
                first = self.keys[inner][0]
                self._note(event, inner, f"the key {name!r} again", f"it once, as in line {first}")
            else:
                self.keys[inner] = _place(event)
            merged.pop(name, None)
            value[name] = self._value(next(events), events, inner)
            if value[name] is None and self.values[inner] > self.keys[inner]:
                self._place_nothing(event, inner)
        self.merged |= {(*path, name): origin for name, origin in merged.items()}
        return value

    def _merge(
        self,
        event: ScalarEvent,
        events: Iterator[Event],
        path: Path,
        into: tuple[dict[str, Any], dict[str, Path]],
    ) -> None:
        """Take in the keys that a merge key names, but for those that are there already.

        ``into`` is the mapping, and the places of its merged keys. The first
        of several mappings counts; keys of the mapping itself replace what was merged.
        """
        value, merged = into
        inner = (*path, MERGE_KEY)
        if inner in self.values:
            self._note(event, path, "<< again", "one << with a list, as in <<: [*a, *b]")
        self._count(event, path, _weight(event))
        content = self._value(next(events), events, inner)
        for origin, source in self._sources(content, inner):
            if not isinstance(source, dict):
                wanted = "a mapping after it, as in <<: *name, or a list of mappings"
                self._stop(event, path, "a merge key <<", wanted)
            for name in source:
                if name not in value:
                    value[name] = source[name]
                    merged[name] = (*origin, name)

    def _sources(self, content: Any, path: Path) -> Iterator[tuple[Path, Any]]:
        """Yield the values behind a merge key, each with the path where it is written."""
        written = self._aliases.get(path, path)
        if not isinstance(content, list) or not content:
            yield written, content
            return
        for index, each in enumerate(content):
            place = (*written, index)
            yield self._aliases.get(place, place), each

    def _place_nothing(self, key: Event, path: Path) -> None:
        """Place an empty value behind its key; YAML places it where the next thing begins."""
        line, column = key.end_mark.line + 1, key.end_mark.column + 1
        if self.values[path][0] > line:
            self.values[path] = (line, column)

    def _sequence(self, events: Iterator[Event], path: Path) -> list[Any]:
        value: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            value.append(self._value(event, events, (*path, len(value))))
        return value

    def _key(self, event: Event, path: Path) -> str:
        if not isinstance(event, ScalarEvent):
            self._stop(event, path, "a key that is not text", "text as key")
        self._count(event, path, _weight(event))
        self._check_tag(event, path)
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(event.value, _weight(event), 0, path)
        if not isinstance(resolve(event), str):
            found = f"the key {brief(event.value)}" if event.value else "an empty key"
            self._note(event, path, found, "text as key; put it in quotes")
        return self._text(event, event.value, path)

    def _alias(self, event: AliasEvent, path: Path) -> Any:
        if event.anchor in self._open:
            self._stop(event, path, f"*{event.anchor} inside itself", "an alias of something else")
        if event.anchor not in self._anchors:
            self._stop(event, path, f"*{event.anchor}", f"&{event.anchor} before it")
        anchor = self._anchors[event.anchor]
        self._aliases[path] = anchor.path
        self._count(event, path, anchor.nodes)
        if len(path) + anchor.depth > DEEPEST:
            self._stop(event, path[:8], f"more than {DEEPEST} levels", "less nesting")
        return anchor.value

    def _scalar(self, event: ScalarEvent, path: Path) -> Any:
        value = resolve(event)
        if isinstance(value, str):
            return self._text(event, value, path)
        if (mistake := number_mistake(event.value, value)) is None:
            return value
        found, expected, instead = mistake
        self._note(event, path, found, expected)
        return instead

    def _text(self, event: Event, text: str, path: Path) -> str:
        whole = whole_text(text)
        if whole is None:
            self._note(event, path, "half of a surrogate pair", "whole characters")
        return whole or ""

    def _check_tag(self, event: Event, path: Path) -> None:
        shown = tag_problem(event)
        if shown:
            self._stop(event, path, f"the tag {shown}", "plain YAML, without tags")

    def _count(self, event: Event, path: Path, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > self._most:
            found = f"more than {self._most} keys and values"
            self._stop(event, path[:8], found, "a smaller file")

    def _note(self, event: Event, path: Path, found: str, expected: str) -> None:
        self.problems.append(self._problem(event, path, found, expected))

    def _stop(self, event: Event, path: Path, found: str, expected: str) -> NoReturn:
        raise UnreadableError(self._problem(event, path, found, expected))

    def _problem(self, event: Event, path: Path, found: str, expected: str) -> Problem:
        place = Document(self._file, None, {}, {path: _place(event)})
        return place.problem(path, found, expected)


def _weight(event: Event) -> int:
    """Return how much of ``MOST_NODES`` a node takes: long text counts as several."""
    return 1 + len(event.value) // 100 if isinstance(event, ScalarEvent) else 1


def _place(event: Event) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _depth(value: Any) -> int:
    """Return how many levels of lists and mappings a value has."""
    if not isinstance(value, dict | list):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, inner), default=0)
