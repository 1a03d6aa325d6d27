"""Families of installed packages, which may be written in Python.

What is wrong with one package, such as a failing import, is a mistake of this one: all other
families can still be used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NoReturn

from ..errors import Problem, ScenarioError
from ..files.text_files import ENDINGS
from . import names, sources
from .base import EventCode, Family, FamilyProvider
from .sources import Load

GROUP = "flowsim.families"
"""The entry-point group by which installed packages add families."""

_WANTED = "a family in Python, or a package with family files"
_FORMATS = {"adobe_io", "cloud_events"}


@cache
def installed_loaders() -> Mapping[str, Load]:
    """Return the families of installed packages: name → what reads it.

    An entry point names a family in Python, or a package whose folder has YAML files. What cannot
    be used has a name that no scenario can say; to read it raises ``ScenarioError``.
    """
    taken = {*sources.shipped_loaders()}
    found: dict[str, Load] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        found |= _usable(point, {*taken, *found})
    return found


def _usable(point: EntryPoint, taken: Collection[str]) -> dict[str, Load]:
    """Return what an entry point adds: name → what reads it, or what says why it cannot."""
    try:
        families = _of_entry_point(point)
    except ScenarioError as error:
        is_free = names.mistake_of_name(point.name, taken) is None
        name = point.name if is_free else f"{point.name}: {point.value}"
        return {name: partial(_fail, error.problems)}
    found: dict[str, Load] = {}
    for name, load in families:
        mistake = names.mistake_of_name(name, {*taken, *found})
        if mistake is None:
            found[name] = load
        else:
            found[f"{point.name}: {point.value}: {name}"] = partial(_refuse, point, *mistake)
    return found


def _of_entry_point(point: EntryPoint) -> list[tuple[str, Load]]:
    try:
        loaded = point.load()
        if isinstance(loaded, Family):
            return [(_checked(point, loaded).name, lambda: loaded)]
        found: list[tuple[str, Load]] = [
            (path.stem, partial(sources.family_in, path)) for path in _files_of(loaded)
        ]
    except ScenarioError:
        raise
    except (Exception, SystemExit) as error:
        _refuse(point, f"cannot be imported ({error!r:.200})")
    if not found:
        _refuse(point, "neither a family nor a package with YAML files")
    return found


def _files_of(package: Any) -> Iterator[Path]:
    for folder in getattr(package, "__path__", ()):
        paths = (path for path in Path(folder).glob("*") if path.suffix.lower() in ENDINGS)
        yield from sorted(paths)


def _checked(point: EntryPoint, family: Family) -> Family:
    """Return a family in Python that says what it is; raises ``ScenarioError`` for another."""
    texts = [getattr(family, each, None) for each in ("name", "label", "summary")]
    codes, formats = getattr(family, "codes", None), getattr(family, "formats", None)
    missing = {
        "name, label and summary as text": all(isinstance(each, str) for each in texts),
        "provider as a FamilyProvider": isinstance(
            getattr(family, "provider", None), FamilyProvider
        ),
        "formats as a mapping": isinstance(formats, Mapping) and {*formats} <= _FORMATS,
        "codes as a mapping to EventCode": isinstance(codes, Mapping)
        and all(isinstance(each, EventCode) for each in codes.values()),
    }
    wrong = [name for name, holds in missing.items() if not holds]
    if wrong:
        _refuse(point, "a family that does not say what it is", " and ".join(wrong))
    return family


def _refuse(point: EntryPoint, found: str, expected: str = _WANTED) -> NoReturn:
    _fail([Problem(f"{GROUP}: {point.name}", 0, 0, point.value, found, expected)])


def _fail(problems: Sequence[Problem]) -> NoReturn:
    raise ScenarioError(problems)
