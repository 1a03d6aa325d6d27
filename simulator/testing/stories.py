"""Stories as tests name them: a scenario's name or file, or a mapping that is one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .. import scenario_files
from ..bootstrap import Change, Story, story_of
from ..core.document import Document, spell
from ..errors import SettingError

INLINE = "the test's scenario"
"""What a scenario is called that stands in a test."""

_DEEPEST = 100

Place = tuple[str | int, ...]


def open_story(
    scenario: object, folders: Sequence[Path], changes: Sequence[Change], *, fresh: bool
) -> Story:
    """Return the story of a scenario; raises ``ScenarioError`` or ``SettingError``."""
    if isinstance(scenario, Mapping):
        document = Document(INLINE, plain(scenario), origins={(): INLINE})
        return story_of(INLINE, document, changes, fresh=fresh)
    document = scenario_files.read(_found(scenario, folders))
    return story_of(str(scenario), document, changes, fresh=fresh)


def text_of(scenario: object, folders: Sequence[Path]) -> tuple[str, str]:
    """Return how a scenario is called and its text as a file; raises as ``open_story``."""
    if isinstance(scenario, Mapping):
        return INLINE, json.dumps(plain(scenario))
    return scenario_files.read_text(_found(scenario, folders))


def _found(scenario: object, folders: Sequence[Path]) -> str:
    """Return the file in one of the folders, or else what ``scenario_files`` makes of it."""
    if not isinstance(scenario, str | os.PathLike):
        raise SettingError(
            f"a scenario is its name, its file or a mapping, not {_kind(scenario)}; "
            "expected one such as 'partial'"
        )
    name = str(scenario)
    files = (folder / each for folder in folders for each in (name, f"{name}.yaml"))
    found = next((str(file) for file in files if file.is_file()), None)
    if found is None and name == "-":
        raise SettingError("a test has no standard input to read a scenario from; name a file")
    return found or name


def changes(
    settings: Mapping[str, Any] | None,
    faults: object,
    seed: int | str | None,
    at: str | datetime | None,
    client_id: str | None,
) -> Iterator[Change]:
    """Yield what a call changes of a scenario, each with the argument as its origin."""
    for key, value in (settings or {}).items():
        yield Change(key, plain(value, (key,)), f"set={{{key!r}: {value!r}}}")
    if faults is not None:
        named = [faults] if isinstance(faults, str | Mapping) else faults
        yield Change("faults", plain(named, ("faults",)), f"faults={faults!r}")
    if seed is not None:
        yield Change("seed", None if seed == "random" else seed, f"seed={seed!r}")
    if at is not None:
        yield Change("at", plain(at, ("at",)), f"at={at!r}")
    if client_id is not None:
        yield Change("registration.client_id", client_id, f"client_id={client_id!r}")


def plain(value: object, place: Place = ()) -> Any:
    """Return a value as a YAML file would hold it; raises ``SettingError`` if none could."""
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
    raise SettingError(f"{spell(place) or INLINE}: {_kind(value)}; expected what YAML can hold")


def _key(key: object, place: Place) -> str:
    if isinstance(key, str):
        return key
    raise SettingError(f"{spell(place) or INLINE}: the key {key!r}; expected text")


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
