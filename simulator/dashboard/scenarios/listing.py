"""The list of scenarios: what each is about, or what is wrong with it."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...errors import FlowsimError, ScenarioError
from ...families.registry import Families
from ...files.yaml_documents import parse_text
from ...story.opening import story_of
from ...story.overview import StoryOverview, overview_of
from .sources import ScenarioSources, ScenarioText

PAGE = 60
"""How many own scenarios a page of the list has."""

MOST_READ = 16 * 2**20
"""How many bytes a search reads, at most."""

MOST_PARSED = 512 * 1024
"""How many bytes of files that were not seen before are parsed for one page, at most."""

_KEPT = 1_000

FIRST = ("success", "partial", "failure-copy")
"""Shipped scenarios that the list shows first, to people who have seen none."""


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario in the list.

    ``overview`` is None if it has mistakes, if it cannot be read (``problem`` says why), or if it
    was not looked at yet (``is_unseen``), since the other files of the page are large.
    """

    name: str
    is_own: bool
    overview: StoryOverview | None
    mistakes: int = 0
    problem: str = ""
    is_unseen: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioList:
    """The list. ``folder`` is the folder of own scenarios, empty without one.

    ``problem`` says why it cannot be read. ``nameless`` and ``left_out`` are files that are not
    listed. ``after`` is the name behind which the next page begins, None at the end. ``own_count``
    counts own scenarios that the search found. ``is_cut``: the search did not read all files.
    """

    own: Sequence[ScenarioRow]
    shipped: Sequence[ScenarioRow]
    folder: str
    problem: str
    own_count: int
    nameless: Sequence[str]
    left_out: int
    after: str | None
    is_cut: bool


class ScenarioCatalogue:
    """Lists scenarios; what a file is about is kept for its exact content only."""

    def __init__(self, sources: ScenarioSources, families: Families) -> None:
        self._sources = sources
        self._families = families
        self._known: OrderedDict[tuple[str, bytes], ScenarioRow] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, text: str, after: str) -> ScenarioList:
        """Return scenarios with a text in name or content, own ones from behind ``after`` on."""
        names, is_all = self._sources.names(), True
        own, shipped = list(names.own.names), list(names.shipped)
        if text:
            own, is_all = self._sources.containing(text, own, MOST_READ)
            shipped, _ = self._sources.containing(text, shipped, MOST_READ)
        count = len(own)
        own = [each for each in own if each > after]
        return ScenarioList(
            [*self._rows(own[:PAGE])],
            [*self._rows(shipped)],
            self._sources.folder_name,
            names.problem,
            count,
            names.own.nameless,
            names.own.left_out,
            own[PAGE - 1] if len(own) > PAGE else None,
            not is_all,
        )

    def _rows(self, names: Sequence[str]) -> Iterator[ScenarioRow]:
        left = MOST_PARSED
        for name in names:
            try:
                source = self._sources.read_listed(name)
            except ScenarioError as error:
                yield ScenarioRow(name, True, None, problem=_reason(error))
                continue
            key = name, hashlib.sha256(source.text.encode()).digest()
            with self._lock:
                row = self._known.get(key)
            if row is None:
                if left <= 0:
                    yield ScenarioRow(name, source.is_own, None, is_unseen=True)
                    continue
                left -= len(source.text)
                row = self._row(source)
                self._keep(key, row)
            yield row

    def _keep(self, key: tuple[str, bytes], row: ScenarioRow) -> None:
        with self._lock:
            self._known[key] = row
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)

    def _row(self, source: ScenarioText) -> ScenarioRow:
        try:
            document = parse_text(source.text, source.name)
            story = story_of(source.name, document, families=self._families)
        except ScenarioError as error:
            return ScenarioRow(source.name, source.is_own, None, len(error.problems))
        except FlowsimError as error:
            return ScenarioRow(source.name, source.is_own, None, problem=str(error))
        return ScenarioRow(source.name, source.is_own, overview_of(story))


def _reason(error: ScenarioError) -> str:
    first = error.problems[0]
    return f"{first.found}; expected {first.expected}"
