"""The families that can be used, by name, by event code, and their faults.

A family is read when it is first needed. Its name is that of its folder or file, so names are
known before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from ..core.fault import FaultKind
from ..core.printable import listed
from ..errors import Problem, ScenarioError, SettingError
from ..faults.fault_point import kinds_in
from . import installed, sources
from .base import EventCode, Family
from .sources import Load


class Families:
    """Families by name. Own ones come first, then those shipped, then those of packages.

    Those of packages are looked for only if a name or code is not found among the others, or if
    all are wanted: that takes time. ``codes`` returns event codes whose family is known before
    any is read: code → name. ``files`` are the files of the user's own families: name → file.
    ``left_out`` says of other files of the user why they are no families, a sentence each.
    """

    def __init__(
        self,
        loaders: Mapping[str, Load],
        installed: Callable[[], Mapping[str, Load]],
        codes: Callable[[], Mapping[str, str]] = dict,
        files: Mapping[str, str] = MappingProxyType({}),
        left_out: Sequence[str] = (),
    ) -> None:
        self.files = files
        self.left_out = left_out
        self._loaders = dict(loaders)
        self._installed = installed
        self._codes = codes
        self._read: dict[str, Family | ScenarioError] = {}

    def __getitem__(self, name: str) -> Family:
        """Return a family; raises ``KeyError`` for no name, ``ScenarioError`` for mistakes."""
        if name not in self._read:
            self._read[name] = self._loaded(name)
        found = self._read[name]
        if isinstance(found, ScenarioError):  # a new one: that one would collect tracebacks
            raise ScenarioError(found.problems)
        return found

    def _loaded(self, name: str) -> Family | ScenarioError:
        """Return a family, or its mistakes: a file is read once, even if all of it is wrong."""
        load = self._loaders.get(name) or self._installed()[name]
        try:
            return load()
        except ScenarioError as error:
            return ScenarioError(error.problems)

    def __contains__(self, name: object) -> bool:
        return name in self._loaders or name in self._installed()

    def __iter__(self) -> Iterator[str]:
        yield from self._loaders
        yield from (name for name in self._installed() if name not in self._loaders)

    @property
    def known(self) -> Set[str]:
        """The names of all families but those of packages, without a search."""
        return self._loaders.keys()

    def replaced(self, family: Family) -> Families:
        """Return these families with one in the place of the family of that name."""
        loaders = {**self._loaders, family.name: lambda: family}
        return Families(loaders, self._installed, files=self.files)

    def with_own(self, loaders: Mapping[str, Load], files: Mapping[str, str]) -> Families:
        """Return these families and others, which come first and replace those of their names."""
        known = {**files, **self.files, **files}
        return Families({**loaders, **self._loaders, **loaders}, self._installed, files=known)

    def in_python(self) -> list[Family]:
        """Return the shipped families in Python; they need no file to be read."""
        return [self[name] for name in sources.python_names()]

    def with_defaults(self) -> list[Family]:
        """Return the families that have a key at the top of a scenario: some in Python."""
        return [family for family in self.in_python() if family.defaults_key]

    def with_checks(self) -> Iterator[Family]:
        """Yield the families with checks of their own: in Python, shipped ones before others.

        Those of packages that cannot be used are left out.
        """
        for name in self:
            load = self._loaders.get(name) or self._installed()[name]
            with suppress(ScenarioError):
                if not sources.is_file(load) and self[name].checks() is not None:
                    yield self[name]

    def readable(self) -> tuple[list[Family], list[Problem]]:
        """Return all families without mistakes, and the mistakes of the others."""
        families: list[Family] = []
        problems: list[Problem] = []
        for name in self:
            try:
                families.append(self[name])
            except ScenarioError as error:
                problems += error.problems
        return families, problems

    @cached_property
    def without_mistakes(self) -> list[str]:
        """The names in ``known`` whose files can be read, sorted; only own ones are read."""
        return sorted(self.known - {name for name in self.files if not self._is_readable(name)})

    def _is_readable(self, name: str) -> bool:
        try:
            self[name]
        except ScenarioError:
            return False
        return True

    def shared_codes(self, codes: Collection[str] | None = None) -> Iterator[str]:
        """Yield a warning for each event code of an own file that other families have too.

        With ``codes``, only for these.
        """
        found: dict[str, list[str]] = {}
        for family in self.readable()[0] if self.files else ():
            for code in family.codes:
                found.setdefault(code, []).append(family.name)
        for code, (name, *others) in found.items():
            if others and name in self.files and (codes is None or code in codes):
                said = f"event code {code} is one of {listed(others)} too; this file is used"
                yield f"{self.files[name]}: {said}"

    def by_code(self, code: str) -> Family | None:
        """Return the family to which an event code belongs, if any."""
        if (name := self._codes().get(code)) is not None:
            return self[name]
        return self._by_code.get(code)

    def nearest(self, code: str) -> Family | None:
        """Return the family of an event code; of one that none has, the family it is like.

        That is the family with the longest ``other_codes`` with which it begins, one in Python.
        """
        if (family := self.by_code(code)) is not None:
            return family
        likes = [each for each in self.in_python() if each.other_codes is not None]
        found = [each for each in likes if code.startswith(each.other_codes or "")]
        return max(found, key=lambda each: len(each.other_codes or ""), default=None)

    def event_codes(self) -> dict[str, EventCode]:
        """Return the event codes of all readable families."""
        return {code: family.codes[code] for code, family in self._by_code.items()}

    @cached_property
    def _by_code(self) -> Mapping[str, Family]:
        return {code: each for each in reversed(self.readable()[0]) for code in each.codes}


@cache
def shipped() -> Families:
    """Return the families that are shipped with flowsim, and those of installed packages."""
    return Families(sources.shipped_loaders(), installed.installed_loaders, sources.shipped_codes)


def with_folders(folders: tuple[Path, ...]) -> Families:
    """Return the families of YAML files in folders, and those of ``shipped``.

    A folder may be named twice. As long as no file changes, they are the same object. Files whose
    names cannot be used are left out. Raises ``SettingError`` if no other is there, and for a
    folder without YAML files.
    """
    known = tuple(sources.distinct(folders))
    return _with_versions(known, tuple(sources.version_of(folder) for folder in known))


@lru_cache(maxsize=20)
def _with_versions(folders: tuple[Path, ...], _: tuple[object, ...]) -> Families:
    own: dict[str, Load] = {}
    files: dict[str, str] = {}
    left_out: list[str] = []
    for folder in folders:
        found, reasons = sources.loaders_in(folder, {*shipped().known, *own})
        own |= found
        files |= sources.files_of(found)
        left_out += [f"{each}; it is left out" for each in reasons]
    if not own and left_out:
        raise SettingError(left_out[0].removesuffix("; it is left out"))
    if not own:
        return shipped()
    loaders = own | sources.shipped_loaders()
    return Families(loaders, installed.installed_loaders, files=files, left_out=left_out)


@lru_cache(maxsize=20)
def with_texts(families: Families, texts: tuple[tuple[str, str], ...]) -> Families:
    """Return families and those of texts, pairs of file and content, which come first.

    Raises ``SettingError`` for a file whose name cannot be used.
    """
    found = sources.loaders_of(texts, shipped().known)
    return families.with_own(found, sources.files_of(found))


@cache
def _kinds() -> Mapping[str, FaultKind]:
    from ..faults import batches, body, delivery, event, headers, key, signature, story, wire
    from ..faults import cloud_events as cloud
    from ..faults import payload as content

    of_payloads = content, batches, cloud, body
    of_any_event = story, event, *of_payloads, signature, key, delivery, headers, wire
    found = [kind for each in of_any_event for kind in kinds_in(each)]
    found += [kind for name in sources.python_names() for kind in shipped()[name].faults()]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}


class _FaultCatalogue(Mapping[str, FaultKind]):
    def __getitem__(self, name: str) -> FaultKind:
        return _kinds()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_kinds())

    def __len__(self) -> int:
        return len(_kinds())


FAULTS: Mapping[str, FaultKind] = _FaultCatalogue()
"""All faults by name, in alphabetical order: those of any event, and those of each family."""
