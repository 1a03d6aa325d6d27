"""The shared files that a family file uses: what they add to it, and where their mistakes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set

from ...errors import Problem, ScenarioError
from ...files.document import Document
from .mistakes import Mistakes, Node, shown

_KEYS = "says draws values parts fields"


class SharedFiles:
    """The members of a family file, and those of the shared files that it uses.

    ``open_shared`` returns the document of a shared file by its name, and raises ``LookupError``
    for an unknown one.
    """

    def __init__(
        self,
        mistakes: Mistakes,
        own: Mapping[str, Node],
        open_shared: Callable[[str], Document],
    ) -> None:
        self._mistakes = mistakes
        self._own = own
        self._open_shared = open_shared
        self._uses: dict[str, Node] = {}
        self.members = dict(self._members())
        """The members of each shared file, by its name."""

    def _members(self) -> Iterator[tuple[str, dict[str, Node]]]:
        """Yield the shared files that are used, with their members."""
        use = self._own.get("use")
        if use is None:
            return
        if not isinstance(use.value, list):
            self._mistakes.add(use, shown(use.value), "a list of shared files")
        for each in use.elements():
            document = self._opened(each)
            if document is not None:
                self._uses[document.file] = each
                self._mistakes.problems += document.problems
                yield str(each.value), self._mistakes.table(Node.of(document), "", _KEYS)

    def _opened(self, node: Node) -> Document | None:
        try:
            if isinstance(node.value, str):
                return self._open_shared(node.value)
        except ScenarioError as error:
            self._mistakes.problems += error.problems
            return None
        except LookupError:
            pass
        self._mistakes.add(node, f"unknown shared file {shown(node.value)}", "the name of one")
        return None

    def merged(self, key: str, noun: str, *, are_names: bool = True) -> dict[str, Node]:
        """Return the entries under a key: those of shared files, and the file's own, which win."""
        found: dict[str, Node] = {}
        for members in (*self.members.values(), self._own):
            node = members.get(key)
            if node is None:
                continue
            if are_names:
                found |= self._mistakes.entries(node, noun)
            elif self._mistakes.is_mapping(node):
                found |= dict(node.members())
        return found

    def names_of(self, key: str) -> frozenset[str]:
        """Return the names under a key, those with mistakes too: they are not unknown."""
        tables = (members.get(key) for members in (*self.members.values(), self._own))
        found = (name for node in tables if node is not None for name, _ in node.members())
        return frozenset(found)

    def placed(self, problem: Problem) -> Problem:
        """Return a problem at its place; that of a shared file where the family file uses it."""
        use = self._uses.get(problem.file)
        if use is None or problem.file == use.document.file:
            return problem
        there = f"{problem.file}:{problem.line}:{problem.column}: {problem.path}"
        found = f"{problem.found} ({there.removesuffix(': ')})"
        return use.problem(found, problem.expected, nearest=problem.nearest)

    def check_use(self, used: Set[str]) -> None:
        """Note shared files of which nothing is used, by the names that are."""
        for name, members in self.members.items():
            if "fields" not in members and not {*_names_in(members)} & used:
                found = f"{name[:60]}, of which nothing is used"
                self._mistakes.add(self._own["use"], found, "it left out")


def _names_in(members: Mapping[str, Node]) -> Iterator[str]:
    """Yield what a shared file names: settings, draws, values and parts."""
    for key in members.keys() - {"fields"}:
        yield from (name for name, _ in members[key].members())
