"""Stories of scenarios and captured requests, as programs and tests name them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..captures import files as captures
from ..captures.story import CapturedStory, open_captures
from ..checks.check import Check
from ..errors import SettingError
from ..families.registry import Families, with_folders
from ..families.sources import texts_of
from ..files.document import Document, spell
from ..files.yaml_documents import parse_text
from ..scenario import files as scenario_files
from ..scenario.amendment import Change
from ..story.opening import ChangedScenario, changed_scenario, story_from
from ..story.story import Story
from .wording import for_programs

INLINE = "the test's scenario"
"""The name of a scenario that is a mapping."""

_DEEPEST = 100

Faults = str | Mapping[str, Any] | Sequence[Any] | None
Folders = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class StoryChanges:
    """Changes of a scenario or of captured requests; ``settings`` are values by their keys."""

    settings: Mapping[str, Any] | None = None
    faults: Faults = None
    seed: int | str | None = None
    at: str | datetime | None = None
    client_id: str | None = None
    fresh: bool = False

    def changes(
        self, seed: int | str | None = None, client_id: str | None = None
    ) -> Iterator[Change]:
        """Yield the changes, each with the argument that asks for it as its origin.

        ``seed`` and ``client_id`` are defaults for those of the call.
        """
        seed = seed if self.seed is None else self.seed
        client_id = client_id if self.client_id is None else self.client_id
        for key, value in (self.settings or {}).items():
            yield Change(key, plain(value, (key,)), f"set={{{key!r}: {value!r}}}")
        if self.faults is not None:
            yield Change("faults", named_faults(self.faults), f"faults={self.faults!r}")
        if seed is not None:
            seed = plain(seed, ("seed",))
            yield Change("seed", None if seed == "random" else seed, f"seed={seed!r}")
        if self.at is not None:
            yield Change("at", plain(self.at, ("at",)), f"at={self.at!r}")
        if client_id is not None:
            client_id = plain(client_id, ("client_id",))
            yield Change("registration.client_id", client_id, f"client_id={client_id!r}")


def named_faults(faults: Faults) -> Any:
    """Return faults as a list of names, each with its argument if it has one; None is no fault."""
    named = [faults] if isinstance(faults, str | Mapping) else faults or []
    return plain(named, ("faults",))


@for_programs
def open_story(  # noqa: PLR0913 - the command has as many options
    scenario: object,
    *,
    seed: int | str | None = None,
    at: str | datetime | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
    faults: Faults = None,
    client_id: str | None = None,
    fresh: bool = False,
    families: Folders = (),
) -> Story:
    """Return the story of a scenario: its events and payloads, the same bytes each time.

    ``scenario`` is a shipped name such as ``partial``, an event code, a file, or a mapping with
    the same content. ``families`` are folders with event families of your own. ``seed`` (a number
    or ``random``), the beginning ``at``, ``client_id``, ``faults`` and ``set``
    (``{"flow_run.records.failed": 60}``) change it; ``fresh`` draws new event ids.
    ``payloads()`` yields the request bodies in order of story time, ``events()`` the events;
    other faults act only in a delivery. Raises
    ``FlowsimError`` with every mistake and its place.
    """
    wanted = StoryChanges(set, faults, seed, at, client_id, fresh)
    changes, known = [*wanted.changes()], families_in(families)
    return story_of(scenario, (), changes, fresh=fresh, families=known)


def families_in(folders: Folders, also: Sequence[Path] = ()) -> Families:
    """Return the families in folders and those that are shipped; raises ``SettingError``.

    Files whose names cannot be used are left out, with a warning in the log.
    """
    found = with_folders(tuple(dict.fromkeys([*also, *_paths(folders)])))
    _warn(found.left_out)
    return found


def family_texts(folders: Folders) -> tuple[tuple[str, str], ...]:
    """Return file and text of each family in folders; raises ``SettingError``.

    Files that cannot be read are left out, with a warning in the log.
    """
    texts, reasons = texts_of(families_in(folders).files.values())
    _warn(reasons)
    return tuple(texts)


def _warn(sentences: Iterable[object]) -> None:
    for each in sentences:
        logging.getLogger("flowsim").warning("warning: %s", each)


def _paths(folders: Folders) -> list[Path]:
    given = [folders] if isinstance(folders, str | os.PathLike) else folders
    try:
        return [Path(each).absolute() for each in given]
    except TypeError:
        wanted = "a folder such as 'families', or a list of them"
        raise SettingError(f"families={folders!r}: no folders; expected {wanted}") from None


def story_of(
    scenario: object,
    folders: Sequence[Path],
    changes: Sequence[Change],
    *,
    fresh: bool,
    families: Families | None = None,
) -> Story:
    """Return the story of a scenario, looked up in folders first; raises as ``open_story``."""
    file, text = text_of(scenario, folders, families)
    is_inline = isinstance(scenario, Mapping)
    spelled = json.dumps([(each.key, each.value, each.origin) for each in changes])
    changed = _script(file, text, spelled, families, is_inline=is_inline)
    return story_from(INLINE if is_inline else str(scenario), changed, fresh=fresh)


@lru_cache(maxsize=200)
def _script(
    file: str, text: str, changes: str, families: Families | None, *, is_inline: bool
) -> ChangedScenario:
    """Return the changed scenario of a text; results are kept, since tests repeat them."""
    if is_inline:
        document = Document(file, json.loads(text), origins={(): file})
    else:
        document = parse_text(text, file)
    made = [Change(*each) for each in json.loads(changes)]
    changed = changed_scenario(document, made, families)
    _warn(changed.warnings)
    return changed


def open_captured(
    scenario: object, folders: Sequence[Path], changes: StoryChanges, *, resign: bool
) -> CapturedStory | None:
    """Return the story of captured requests; None if a scenario is named.

    Raises ``SettingError`` if they cannot be sent, or not with these changes.
    """
    if isinstance(scenario, Mapping) or not captures.are_at(name := _found(scenario, folders)):
        if resign:
            raise SettingError("resign=True is for captured requests; a scenario is signed anyway")
        return None
    if changes.client_id is not None and not resign:
        raise SettingError("client_id= changes a captured request; add resign=True to sign it")
    allowed = StoryChanges(client_id=changes.client_id)
    if changes != allowed:
        raise SettingError(f"{name} contains captured requests, which are sent unchanged")
    return open_captures(name, resigned=resign, client_id=changes.client_id)


def text_of(
    scenario: object, folders: Sequence[Path], families: Families | None = None
) -> tuple[str, str]:
    """Return how messages name a scenario, and its text in YAML or JSON.

    ``scenario`` is a mapping with its content, which is named ``INLINE``, or a name: that of a
    file in ``folders``, of another file, of a shipped scenario, or an event code of ``families``,
    in this order. Raises as ``open_story``: ``SettingError`` if there is none of that name.
    """
    if isinstance(scenario, Mapping):
        return INLINE, json.dumps(plain(scenario))
    return scenario_files.read_text(_found(scenario, folders), families)


def _found(scenario: object, folders: Sequence[Path]) -> str:
    """Return the file of that name in the folders, or else the name itself."""
    if not isinstance(scenario, str | os.PathLike):
        raise SettingError(
            f"a scenario is its name, its file or a mapping, not {_kind(scenario)}; "
            "expected one such as 'partial'"
        )
    name = str(scenario)
    if name == "-":
        raise SettingError("a test has no standard input to read a scenario from; name a file")
    places = (folder / each for folder in folders for each in (name, f"{name}.yaml"))
    return next((str(place) for place in places if place.exists()), name)


def plain(value: object, place: Place = ()) -> Any:
    """Return a value with types of YAML only; raises ``SettingError`` for another type."""
    if len(place) > _DEEPEST:
        raise SettingError(f"{INLINE}: more than {_DEEPEST} levels; expected a flatter one")
    if isinstance(value, Mapping):
        return {_key(each, place): plain(value[each], (*place, each)) for each in value}
    if isinstance(value, list | tuple):
        return [plain(each, (*place, number)) for number, each in enumerate(value)]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise SettingError(
        f"{spell(place) or INLINE}: {_kind(value)}; expected a value that YAML can contain"
    )


def _key(key: object, place: Place) -> str:
    if isinstance(key, str):
        return key
    raise SettingError(f"{spell(place) or INLINE}: the key {key!r}; expected text")


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


def own_checks(files: Folders, families: Families) -> list[Check]:
    """Return the checks of files of the user's."""
    if not files:
        return []
    from ..checks.own_checks import read

    return read([files] if isinstance(files, str | os.PathLike) else [*files], families)
