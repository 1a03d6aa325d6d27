"""Reads the fields of a family's events: those of its own file, and those of shared files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ..fields.paths import Steps as FieldSteps
from ..fields.reading import read_fields
from ..fields.table import EnvelopeTable, Field, FieldTable
from .field_places import check_fields, places_of
from .mistakes import Mistakes, Node
from .step_reading import MOST_STEPS
from .steps import Steps


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads the fields of a file with these ``members``, and of the ``shared`` files it uses."""

    mistakes: Mistakes
    members: Mapping[str, Node]
    shared: Sequence[Mapping[str, Node]]

    def table(self, steps: Steps, envelope: EnvelopeTable | None = None) -> FieldTable:
        """Return the fields, and the bodies of each event code; notes mistakes."""
        bodies: dict[str, list[str]] = {}
        for code, body in steps.codes():
            if body not in bodies.setdefault(code, []):
                bodies[code].append(body)
        fields: dict[FieldSteps, list[Field]] = {}
        for members in self.shared:
            fields |= self._of(members, None)
        fields |= self._of(self.members, self._bodies)
        codes = {code: tuple(each) for code, each in bodies.items()}
        every = tuple(chain.from_iterable(fields.values()))
        return FieldTable(every, codes, source=self._source(), envelope=envelope)

    def compare(self, table: FieldTable, parts: Mapping[str, Node]) -> None:
        """Note fields of the file itself that its bodies cannot have; these may name ``parts``."""
        node, bodies = self.members.get("fields"), self.members.get("bodies")
        if node is None or bodies is None or not isinstance(node.value, dict):
            return
        if len([*bodies.members()]) > MOST_STEPS:  # some have no step, which is a mistake
            return
        places = {name: places_of(each.value, parts) for name, each in bodies.members()}
        own = [each for each in table.fields if each.path in node.value]
        check_fields(self.mistakes, node, own, table, places)

    @property
    def _bodies(self) -> list[str]:
        node = self.members.get("bodies")
        return list(node.value) if node is not None and isinstance(node.value, dict) else []

    def _source(self) -> str:
        """Return the file of facts: the last name of the path that ``source`` begins with."""
        node = self.members.get("source")
        words = node.value.split() if node is not None and isinstance(node.value, str) else []
        return words[0].rpartition("/")[2] if words else ""

    def _of(
        self, members: Mapping[str, Node], known: list[str] | None
    ) -> dict[FieldSteps, list[Field]]:
        """Return by path the fields of one file that are in a body of the family.

        ``known`` are the bodies that the file may name; None means any.
        """
        table = members.get("fields")
        if table is None:
            return {}
        fields, problems = read_fields(table.document, table.path, known)
        self.mistakes.problems += problems
        return _by_path(fields, {*self._bodies})


def _by_path(fields: Sequence[Field], known: set[str]) -> dict[FieldSteps, list[Field]]:
    found: dict[FieldSteps, list[Field]] = {}
    for each in fields:
        bodies = each.bodies & known
        if bodies or not each.bodies:
            found.setdefault(each.steps, []).append(replace(each, bodies=bodies))
    return found
