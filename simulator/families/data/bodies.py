"""Compiles one body of a family, with the keys $text, $when, $each and $part.

A part stands in a body as if it were written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .body_size import BodySize
from .compiler import Compiler, CompilingEndError
from .mistakes import Node, is_name, is_plain, shown
from .rendering import (
    ABSENT,
    Block,
    Build,
    Loop,
    Rendering,
    Slot,
    Template,
    each_build,
    list_build,
    object_build,
)
from .texts import pieces_of, text_tree

_MOST_NESTED = 20
_KEYS = {"$text", "$when", "$each", "$part", "$value", "$as"}


def compiled(compiler: Compiler, node: Node, names: frozenset[str] | None) -> Template | None:
    """Return a compiled body whose expressions may use ``names``; None means any.

    There is no body if the file is too large already.
    """
    if compiler.is_over:
        return None
    block = Block()
    try:
        build = _BodyCompiler(compiler, names).value(node, block, 0, is_top=True)
    except CompilingEndError:
        return None
    return Template(node, Loop(node, block, build))


class _BodyCompiler:
    """The compiling of one body: its size so far, the names in reach, and the parts it is in."""

    def __init__(self, compiler: Compiler, names: frozenset[str] | None) -> None:
        self._compiler = compiler
        self._names = names
        self._open: tuple[str, ...] = ()
        self._size = BodySize(compiler)
        self._nested = 0

    def value(self, node: Node, block: Block, depth: int, *, is_top: bool = False) -> Build:
        """Return what builds a value; its slots go into ``block``."""
        self._size.count(node, block, depth)
        value = node.value
        if isinstance(value, str):
            return self._text(node, value, block, depth)
        if isinstance(value, list):
            return list_build([self.value(each, block, depth + 1) for each in node.elements()])
        if isinstance(value, dict):
            return self._mapping(node, block, depth, is_top=is_top)
        if not is_plain(value):
            self._compiler.add(node, shown(value), "a finite number")
        return lambda _values, _run: value

    def _text(
        self, node: Node, text: str, block: Block, depth: int, *, joins: bool = False
    ) -> Build:
        self._size.count(node, block, depth, len(text) + 1)
        found = pieces_of(self._compiler, node, text)
        if len(found) == 1:
            return lambda _values, _run: found[0]
        if len(found) == 3 and not found[0] and not found[2] and not joins:
            made = self._compiler.expression(node, found[1], self._names)
            tree, source = (made.tree, found[1]) if made is not None else (None, "")
        else:
            tree, source = text_tree(self._compiler, node, found, self._names), text
        if tree is None:
            return lambda _values, _run: None
        return _slot_build(block.add(Slot(node, source, tree)))

    def _mapping(self, node: Node, block: Block, depth: int, *, is_top: bool) -> Build:
        special = [key for key in node.value if key[:1] == "$" and key[:2] != "$$"]
        if not special or (special == ["$part"] and len(node.value) > 1):
            return self._object(node, block, depth)
        for key in special:
            if key not in _KEYS:
                wanted = f"one of {', '.join(sorted(_KEYS))}; ${key} is the literal key {key}"
                self._compiler.add(node.at(key), f"the key {key[:60]}", wanted, at_key=True)
        for key, make in self._special.items():
            if key in node.value:
                if key == "$when" and is_top:
                    self._compiler.add(node, "$when around a whole body", "`when` of the step")
                return make(self, node, block, depth)
        self._try(node, depth)
        if all(key in _KEYS for key in special):
            self._compiler.add(node, " and ".join(special), "$when or $each beside it")
        return lambda _values, _run: None

    def _try(self, node: Node, depth: int) -> None:
        """Compile the parts of a wrong mapping, for the mistakes in them."""
        before, value = self._names, node.value
        if isinstance(value.get("$when"), str):
            self._compiler.expression(node.at("$when"), value["$when"], before)
        if "$each" in value:
            self._items(node.at("$each"), Block(), depth)
            self._names = self._names_in_loop(value.get("$as"))
        for key, member in node.members():
            if key == "$value" or key not in _KEYS:
                self.value(member, Block(), depth + 1)
        self._names = before

    def _names_in_loop(self, name: object) -> frozenset[str] | None:
        """Return the names in reach of a loop; all, if its own is not known."""
        if self._names is None or not isinstance(name, str):
            return None
        return self._names | {name}

    def _only(self, node: Node, depth: int, *keys: str) -> bool:
        """Tell whether a mapping has these keys; notes missing ones and others."""
        for key, member in node.members():
            if key not in keys:
                wanted = f"only {', '.join(keys)} here"
                self._compiler.add(member, f"{key[:60]} beside {keys[0]}", wanted, at_key=True)
        for key in keys:
            if key not in node.value:
                self._compiler.add(node, "nothing", f"the key {key}")
        is_complete = all(key in node.value for key in keys)
        if not is_complete:
            self._try(node, depth)
        return is_complete

    def _object(self, node: Node, block: Block, depth: int) -> Build:
        members: dict[str, Build] = {}
        for key, member in self._merged(node, node, depth):
            self._size.count(member, block, depth, len(key) + 1)
            members[key] = self.value(member, block, depth + 1)
        return object_build(members)

    def _merged(self, node: Node, holder: Node, depth: int) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object, those of a part at the place where it is named."""
        for key, member in node.members():
            if key != "$part":
                yield key.removeprefix("$"), member
                continue
            part = self._compiler.part(member, self._open)
            if part is None:
                continue
            if not isinstance(part.value, dict) or any(
                each[:1] == "$" and each[:2] != "$$" and each != "$part" for each in part.value
            ):
                wanted = "a part that is an object, or $part alone"
                self._compiler.add(member, f"the part {member.value[:60]} beside members", wanted)
                continue
            before, self._open = self._open, (*self._open, member.value)
            self._size.count(member, Block(), depth + len(self._open))
            own = {each.removeprefix("$") for each in holder.value}
            yield from (pair for pair in self._merged(part, holder, depth) if pair[0] not in own)
            self._open = before

    def _part(self, node: Node, block: Block, depth: int) -> Build:
        self._only(node, depth, "$part")
        part = self._compiler.part(node.at("$part"), self._open)
        if part is None:
            return lambda _values, _run: None
        before, self._open = self._open, (*self._open, node.value["$part"])
        build = self.value(part, block, depth + 1)
        self._open = before
        return build

    def _forced(self, node: Node, block: Block, depth: int) -> Build:
        self._only(node, depth, "$text")
        text = node.at("$text")
        if not isinstance(text.value, str):
            self._compiler.add(text, shown(text.value), "text with {{ }}")
            return lambda _values, _run: None
        return self._text(text, text.value, block, depth, joins=True)

    def _when(self, node: Node, block: Block, depth: int) -> Build:
        if not self._only(node, depth, "$when", "$value"):
            return lambda _values, _run: None
        place, inner = node.at("$when"), Block()
        condition = self._compiler.expression(place, place.value, self._names)
        value = self._nesting(node, inner, depth)
        block.size += inner.size
        block.characters += inner.characters
        if condition is None:
            return lambda _values, _run: None
        number = block.add(Slot(place, condition.source, condition.tree, inner))

        def build(values: list[Any], run: Rendering) -> Any:
            found = values[number]
            return ABSENT if found is None else value(found, run)

        return build

    def _each(self, node: Node, block: Block, depth: int) -> Build:
        if not self._only(node, depth, "$each", "$as", "$value"):
            return lambda _values, _run: None
        items = self._items(node.at("$each"), block, depth)
        name = self._loop_name(node.at("$as"))
        inner = Block()
        before, self._names = self._names, self._names_in_loop(name)
        loop = Loop(node, inner, self._nesting(node, inner, depth))
        self._names = before
        return each_build(node.at("$each"), items, name, loop)

    def _nesting(self, node: Node, inner: Block, depth: int) -> Build:
        """Return what builds the value of $when or $each, whose slots go into ``inner``."""
        self._nested += 1
        if self._nested > _MOST_NESTED:
            found = f"more than {_MOST_NESTED} of $when and $each in one another"
            self._compiler.end(node, found, "less nesting")
        build = self.value(node.at("$value"), inner, depth + 1)
        self._nested -= 1
        return build

    def _items(self, node: Node, block: Block, depth: int) -> Build:
        if isinstance(node.value, list):
            return self.value(node, block, depth + 1)
        expression = self._compiler.expression(node, node.value, self._names)
        if expression is None:
            return lambda _values, _run: []
        slot = Slot(node, expression.source, expression.tree, is_raw=True)
        return _slot_build(block.add(slot))

    def _loop_name(self, node: Node) -> str:
        name = node.value
        if not isinstance(name, str) or not is_name(name):
            self._compiler.add(node, shown(name), "a name of letters, digits and _")
            return ""
        if self._names is not None and name in self._names:
            self._compiler.add(node, f"the name {name} again", "another name")
        return name

    _special: Mapping[str, Callable[[_BodyCompiler, Node, Block, int], Build]] = {
        "$part": _part,
        "$text": _forced,
        "$when": _when,
        "$each": _each,
    }


def _slot_build(number: int) -> Build:
    return lambda values, _run: values[number]
