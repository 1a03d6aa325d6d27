"""Makes a family of a document, or reports all of its mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...files import shipped_scenarios
from ...files.document import Document
from .bodies import compiled
from .compiler import Compiler, CompilingEndError
from .computing import Computation, Named, in_order_of_use, without_chance
from .data_family import DataFamily
from .envelope_reading import EnvelopeReader, EnvelopeTemplates
from .event_result import read_result
from .field_reading import FieldReader
from .head import Head, check_examples, check_scenarios, read_head
from .line import read_line
from .mistakes import NAME, Mistakes, Node, is_name
from .refusals import read_refusals
from .rendering import Template
from .says import ENTRY, Said, drawn_type, model_of, read_said
from .shared_files import SharedFiles
from .step_reading import StepReader
from .tables import read_tables
from .telling import Parts

_REQUIRED = "label summary provider formats codes story bodies"
_OPTIONAL = (
    "use source gaps prints journal_only says tables draws event_draws values refuse parts "
    "envelope line result fields"
)


def read_family(
    document: Document,
    name: str,
    shared: Callable[[str], Document],
    *,
    tells_examples: bool = False,
) -> DataFamily:
    """Return the family called ``name`` that a document describes.

    With ``tells_examples`` what cannot be told of the examples of event codes is a mistake too,
    and so is an unknown scenario of a code.
    ``shared`` returns the document of a shared file by its name, and raises ``LookupError`` for
    an unknown one. Raises ``ScenarioError`` with all problems, in file order; those in shared
    files have the place where the file uses these, and name theirs too.
    """
    reader = _Reader(document, name, shared)
    family = reader.family()
    if tells_examples:
        check_scenarios(reader.mistakes, reader.codes, shipped_scenarios.shipped())
    if tells_examples and family is not None and reader.can_tell:
        reader.mistakes.problems += family.mistakes_of_examples()
    reader.mistakes.problems = [*map(reader.shared.placed, reader.mistakes.problems)]
    reader.mistakes.raise_all(document.file)
    assert family is not None
    return family


class _Reader:
    """Reads one file, together with the shared files that it uses."""

    def __init__(self, document: Document, name: str, shared: Callable[[str], Document]) -> None:
        self.mistakes = Mistakes()
        self._name = name
        self._top = Node.of(document)
        self._members = self.mistakes.table(self._top, _REQUIRED, _OPTIONAL)
        self.mistakes.problems += document.problems
        self.shared = SharedFiles(self.mistakes, self._members, shared)
        keys = ("says", "draws", "values", "tables", "event_draws")
        self._names = {key: self.shared.names_of(key) for key in keys}
        self._names["as"] = frozenset(self._loop_names())
        known = frozenset({"begin"}).union(*self._names.values())
        self._parts_by_name = self.shared.merged("parts", "part", are_names=False)
        self._compiler = Compiler(self.mistakes, self._parts_by_name, known)
        self.can_tell = False

    def family(self) -> DataFamily | None:
        """Return the family; None if there are mistakes."""
        if not NAME.fullmatch(self._name):
            wanted = "a file name of letters, digits and _, a letter first"
            self.mistakes.add(self._top, f"the family name {self._name[:60]!r}", wanted)
        try:
            return self._read()
        except CompilingEndError:
            return None

    @property
    def codes(self) -> Node | None:
        """What the file says of its event codes."""
        return self._members.get("codes")

    def _read(self) -> DataFamily | None:
        head = read_head(self.mistakes, self._members)
        before = len(self.mistakes.problems)
        parts = self._parts(head)
        is_whole = len(self.mistakes.problems) == before
        self.can_tell = is_whole and bool(head.formats and parts.steps.parts)
        labels = [each.name for each in parts.says if each.kind == ENTRY]
        check_examples(self.mistakes, self.codes, head.codes, parts.model, labels)
        fields = FieldReader(self.mistakes, self._members, [*self.shared.members.values()])
        around = self._envelope_reader().table(self._members.get("envelope"))
        table = fields.table(parts.steps, around)
        if not self._compiler.is_over:
            fields.compare(table, self._parts_by_name)
        line = read_line(self._compiler, self._members.get("line"))
        result = read_result(self._compiler, self._members.get("result"))
        self._check_parts()
        self.shared.check_use(self._compiler.used | self._compiler.names)
        return DataFamily(self._name, head, parts, table, line, result)

    def _parts(self, head: Head) -> Parts:
        """Return what tells the entries."""
        says = self._says()
        tables = self._tables()
        draws = dict(self._draws(says))
        event_draws = dict(self._event_draws(says))
        values = dict(self._values())
        order = in_order_of_use(self.mistakes, values)
        settled = self._settings(says) | {"begin"}
        unread = self.shared.merged("values", "value").keys() - {each.name for each in order}
        known = without_chance(order, settled | unread)
        bodies = self._bodies()
        drawn = {
            each.name: drawn_type(each.expression)
            for each in (*draws.values(), *event_draws.values())
        }
        why = dict.fromkeys(self._names["values"], "a value that needs a draw")
        why |= dict.fromkeys(self._names["draws"] | self._names["event_draws"], "a draw")
        why = {each: f"{said}, which at and when cannot use" for each, said in why.items()}
        steps = StepReader(self.mistakes, self._compiler, self._members, why, self._entries(says))
        allowed = settled | {each.name for each in known} | unread
        return Parts(
            model_of(self._name, says, drawn),
            tuple(says.values()),
            Computation([*draws.values()]),
            Computation(order),
            Computation(known),
            steps.steps(allowed, head.codes),
            {name: each for name, each in bodies.items() if each is not None},
            read_refusals(self.mistakes, self._compiler, self._members.get("refuse"), allowed, why),
            self._envelope(),
            tables,
            Computation([*event_draws.values()]),
        )

    def _envelope(self) -> EnvelopeTemplates | None:
        """Return the templates of the envelope; none if the file is too large already."""
        node = self._members.get("envelope")
        return None if self._compiler.is_over else self._envelope_reader().read(node)

    def _envelope_reader(self) -> EnvelopeReader:
        """Return what reads the envelope, whose names are those of bodies."""
        names = self._compiler.known | {"now", "code"}
        return EnvelopeReader(self.mistakes, self._compiler, names, self._parts_by_name)

    def _says(self) -> dict[str, Said]:
        read = (
            read_said(self.mistakes, *each)
            for each in self.shared.merged("says", "setting").items()
        )
        return {each.name: each for each in read if each is not None and is_name(each.name)}

    def _settings(self, says: Mapping[str, Said]) -> frozenset[str]:
        """Return the names of all that may be said, but for other entries."""
        return (self._names["says"] - self._entries(says)) | self._names["tables"]

    @staticmethod
    def _entries(says: Mapping[str, Said]) -> frozenset[str]:
        """Return the names under which other entries are named."""
        return frozenset(each.name for each in says.values() if each.kind == ENTRY)

    def _tables(self) -> dict[str, Any]:
        node = self._members.get("tables")
        self._refuse_again(dict(node.members()) if node else {}, self._names["says"])
        return read_tables(self.mistakes, node)

    def _draws(self, says: Mapping[str, Said]) -> Iterator[tuple[str, Named]]:
        found = self.shared.merged("draws", "draw")
        self._refuse_again(found, self._names_of_all("says tables"))
        yield from self._named(found, self._settings(says), "draws")

    def _event_draws(self, says: Mapping[str, Said]) -> Iterator[tuple[str, Named]]:
        found = self.mistakes.entries(self._members.get("event_draws"), "draw")
        self._refuse_again(found, self._names_of_all("says tables draws"))
        yield from self._named(found, self._settings(says) | self._names["as"], "draws")

    def _loop_names(self) -> Iterator[str]:
        """Yield the names of the items of steps."""
        story = self._members.get("story")
        for each in () if story is None else story.elements():
            name = each.value.get("as") if isinstance(each.value, dict) else None
            if isinstance(name, str):
                yield name

    def _values(self) -> Iterator[tuple[str, Named]]:
        found = self.shared.merged("values", "value")
        self._refuse_again(found, self._names_of_all("says tables draws event_draws"))
        of_events = self._names["event_draws"] | self._names["as"]
        plain = {name: self._plain_value(each) for name, each in found.items()}
        for name, each in self._named(plain, self._compiler.known - of_events, "values"):
            about = dict(found[name].members()).get("about")
            yield name, replace(each, about=self.mistakes.text(about))

    def _plain_value(self, node: Node) -> Node:
        """Return the expression of a value: of one that says what it is about too, a member."""
        if not isinstance(node.value, dict):
            return node
        return self.mistakes.table(node, "is", "about").get("is", node)

    def _names_of_all(self, keys: str) -> frozenset[str]:
        return frozenset[str]().union(*(self._names[key] for key in keys.split()))

    def _refuse_again(self, found: Mapping[str, Node], names: frozenset[str]) -> None:
        for name in found.keys() & names:
            self.mistakes.add(found[name], f"the name {name} again", "another name", at_key=True)

    def _named(
        self, found: Mapping[str, Node], names: frozenset[str], place: str
    ) -> Iterator[tuple[str, Named]]:
        for name, node in found.items():
            read = self._compiler.expression(node, node.value, names, place, name)
            if read is not None and is_name(name):
                yield name, Named(name, node, read)

    def _bodies(self) -> dict[str, Template | None]:
        node = self._members.get("bodies")
        if node is None or not self.mistakes.is_mapping(node):
            return {}
        names = self._compiler.known | {"now", "code"}
        return {name: compiled(self._compiler, each, names) for name, each in node.members()}

    def _check_parts(self) -> None:
        """Compile the file's own parts that no body uses, for the mistakes in them."""
        node = self._members.get("parts")
        for name, each in () if node is None else node.members():
            if name not in self._compiler.used:
                compiled(self._compiler, each, None)
