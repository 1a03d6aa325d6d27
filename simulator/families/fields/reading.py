"""Reads the fields of a family from a mapping in a YAML file: path → entry.

An entry holds::

    type: epoch_ms           # a name in TYPES, or a list of them
    means: Start of the run. # this and all that follows may be left out
    unit: ms
    source: "1.1"
    grade: A                 # A, B, C or gap; gap if left out
    in: [success]            # bodies that have it; if left out, all with the member around it
    optional: true           # whether it may be missing where the member around it is present
    values: [success]        # all allowed values
    example: success

A field of which bodies hold different things has a list of such entries, each with the bodies that
it is about in ``in``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from ...errors import Nearest, Problem
from ...files.document import Document, Path
from . import paths
from .paths import Steps
from .table import GRADES, TYPES, Field
from .types import fits

MOST_FIELDS = 5_000
"""The most fields of one file."""


def read_fields(
    document: Document, path: Path, bodies: Collection[str] | None
) -> tuple[tuple[Field, ...], list[Problem]]:
    """Return the fields in the mapping at ``path`` of a document, and all mistakes in it.

    ``bodies`` are the names that ``in`` may have: all, if ``None``, as in a file that several
    families share. A field whose path, type or bodies are not known is left out.
    """
    entries = document.part(path).value
    if not isinstance(entries, dict):
        expected = "paths of fields, each with a type"
        return (), [document.problem(path, "no mapping", expected)]
    if len(entries) > MOST_FIELDS:
        count = f"{len(entries):,} entries"
        return (), [document.problem(path, count, f"at most {MOST_FIELDS:,}", at_key=True)]
    problems: list[Problem] = []
    found: dict[Steps, list[tuple[Field, Path]]] = {}
    for name, said in entries.items():
        others: list[tuple[Field, Path]] = []
        for place, one in _alternatives((*path, name), said):
            entry = _FieldEntry(document, place, bodies)
            if (made := entry.field(name, one)) is not None:
                entry.check_again(made, [each for each, _ in others], found.get(made.steps, ()))
                others.append((made, place))
            problems += entry.problems
        found |= {made.steps: others for made, _ in others if made.steps not in found}
    problems += _problems_around(document, found, bodies)
    return tuple(made for known in found.values() for made, _ in known), problems


def _problems_around(
    document: Document,
    found: Mapping[Steps, list[tuple[Field, Path]]],
    bodies: Collection[str] | None,
) -> list[Problem]:
    """Return what is wrong with fields inside others; each stands at a place."""
    problems: list[Problem] = []
    every = [each for alternatives in found.values() for each in alternatives]
    fields = {steps: [each for each, _ in known] for steps, known in found.items()}
    for made, place in every:
        entry = _FieldEntry(document, place, bodies)
        entry.check_around(made, fields)
        problems += entry.problems
    return problems


def _alternatives(path: Path, said: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the entries of one field with their places: one, or those of a list."""
    if isinstance(said, list) and said:
        yield from (((*path, number), each) for number, each in enumerate(said))
    else:
        yield path, said


class _FieldEntry:
    """One entry and the mistakes in it; ``vague`` are those that keep it from being compared."""

    def __init__(self, document: Document, path: Path, bodies: Collection[str] | None) -> None:
        self.problems: list[Problem] = []
        self.vague: set[Path] = set()
        self._document = document
        self._path = path
        self._bodies = bodies

    def refuse(self, path: Path, found: str, expected: str, nearest: Nearest | None = None) -> None:
        """Note a mistake at a path within the entry; an empty one means its key."""
        if path in ((), ("type",), ("in",)):
            self.vague.add(path)
        whole = (*self._path, *path)
        at_key = not path or path[0] not in _KEYS
        self.problems.append(
            self._document.problem(whole, found, expected, at_key=at_key, nearest=nearest)
        )

    def field(self, name: str, said: Any) -> Field | None:
        """Return the field, or None if it cannot be read."""
        try:
            paths.parse(name)
        except ValueError as error:
            self.refuse((), "no path of a field", str(error))
            return None
        if not isinstance(said, dict):
            self.refuse((), "no mapping", "type, and what else is known")
            return None
        self._check_keys(said)
        values = {
            _KEYS[key][0]: _KEYS[key][1](self, (key,), value)
            for key, value in said.items()
            if key in _KEYS
        }
        if not self.vague.isdisjoint(((), ("type",))):
            return None
        made = Field(name, **values)
        self._check_values(made)
        return None if ("in",) in self.vague else made

    def _check_keys(self, said: Mapping[str, Any]) -> None:
        for key in said:
            if key not in _KEYS:
                nearest = Nearest(key, _KEYS, suffices=True)
                self.refuse((key,), f"unknown key {key!r}", f"one of {', '.join(_KEYS)}", nearest)
        if "type" not in said:
            self.refuse((), "a field without type", "the key type")

    def _check_values(self, made: Field) -> None:
        """Refuse allowed values and an example that are of no type of the field."""
        said: list[tuple[Path, Any]] = [
            (("values", number), value) for number, value in enumerate(made.values)
        ]
        if made.example is not None:
            said.append((("example",), made.example))
        for place, value in said:
            if not any(fits(each, value) for each in made.types):
                self.refuse(place, f"{value!r}, of another type", " or ".join(made.types))

    def check_again(
        self, made: Field, others: Sequence[Field], known: Sequence[tuple[Field, Path]]
    ) -> None:
        """Refuse a field that is described already: in another place, or in its own list."""
        if known:
            self.refuse((), f"the same field as {known[0][0].path}", "each field once")
        for other in others:
            if not (made.bodies and other.bodies):
                self.refuse((), "several entries for all bodies", "in, with bodies of its own")
            elif both := made.bodies & other.bodies:
                found = f"{', '.join(sorted(both))} in two entries of a field"
                self.refuse(("in",), found, "each body in one of them")

    def check_around(self, made: Field, others: Mapping[Steps, list[Field]]) -> None:
        """Refuse a field if one around it cannot hold it, or is not in all of its bodies."""
        for length in range(1, len(made.steps)):
            outer = others.get(made.steps[:length], [])
            needed = "array" if made.steps[length] is None else "object"
            for around in outer:
                is_beside = not (made.bodies & around.bodies) and made.bodies and around.bodies
                if needed not in around.types and not (is_beside and len(outer) > 1):
                    types = " or ".join(around.types)
                    found = f"a field in {around.path}, which is {types}"
                    self.refuse((), found, f"{needed} there")
            bodies = frozenset[str]().union(*(each.bodies for each in outer))
            if all(each.bodies for each in outer) and outer and made.bodies - bodies:
                found = f"more bodies than {outer[0].path} is in"
                self.refuse(("in",), found, f"only {', '.join(sorted(bodies))}")

    def types(self, path: Path, value: Any) -> tuple[str, ...]:
        listed = value if isinstance(value, list) else [value]
        names = ["null" if each is None else each for each in listed]  # YAML reads null as None
        return self._names(path, names, TYPES, "type")

    def bodies(self, path: Path, value: Any) -> frozenset[str]:
        known = self._bodies
        if known is None:
            known = value if isinstance(value, list) else [value]
        return frozenset(self._names(path, value, known, "body"))

    def grade(self, path: Path, value: Any) -> str:
        return next(iter(self._names(path, [value], GRADES, "grade")), "")

    def _names(self, path: Path, value: Any, known: Collection[str], noun: str) -> tuple[str, ...]:
        """Return one name, or those of a list, which must not be empty."""
        listed = value if isinstance(value, list) else [value]
        if not listed:
            self.refuse(path, "an empty list", f"one {noun} or more")
        for each in listed:
            if not isinstance(each, str) or each not in known:
                expected = f"one of {', '.join(known)}"
                self.refuse(path, f"unknown {noun} {each!r}", expected, Nearest(str(each), known))
        return tuple(str(each) for each in listed)

    def text(self, path: Path, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(path, "no text", 'text; numbers in quotes, as in "1.1"')
        return str(value).strip()

    def flag(self, path: Path, value: Any) -> bool:
        if not isinstance(value, bool):
            self.refuse(path, "neither true nor false", "true or false")
        return value is True

    def values(self, path: Path, value: Any) -> tuple[str | int, ...]:
        if not isinstance(value, list) or not value:
            self.refuse(path, "no list", "a list of all allowed values")
            return ()
        for number, each in enumerate(value):
            if isinstance(each, bool) or not isinstance(each, str | int):
                self.refuse((*path, number), "another value", "text or a whole number")
        return tuple(value)

    def example(self, path: Path, value: Any) -> Any:
        return value


_KEYS: Mapping[str, tuple[str, Callable[[_FieldEntry, Path, Any], Any]]] = {
    "type": ("types", _FieldEntry.types),
    "means": ("means", _FieldEntry.text),
    "unit": ("unit", _FieldEntry.text),
    "source": ("source", _FieldEntry.text),
    "grade": ("grade", _FieldEntry.grade),
    "in": ("bodies", _FieldEntry.bodies),
    "optional": ("optional", _FieldEntry.flag),
    "values": ("values", _FieldEntry.values),
    "example": ("example", _FieldEntry.example),
}
"""Key of an entry → the attribute of a field, and what reads its value."""
