"""What a scenario may say about an entry of a family: read from a table, made a pydantic model."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    create_model,
)

from ...core.printable import listed
from ...core.spec_values import (
    COUNT_MAX,
    Count,
    Duration,
    Identifier,
    Moment,
    SpecModel,
    Text,
    refuse,
)
from .expressions import Expression
from .mistakes import GRADES, Mistakes, Node, shown

MOST_CHOICES = 1_000
MOST_ITEMS = 100
"""The most items of a list that an entry says."""
_ABOUT = "about grade"


def _number(value: object) -> object:
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > COUNT_MAX:  # type: ignore[arg-type]
        raise refuse("a number up to 10^15")
    return value


def _scalar(value: object) -> object:
    return value if isinstance(value, str) and len(value) <= 1_000 else _number(value)


_Number = Annotated[Any, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
_Scalar = Annotated[Any, BeforeValidator(_scalar), WithJsonSchema({"type": ["string", "number"]})]
_AnyText = Annotated[str, Field(strict=True, max_length=1_000)]
_Flag = Annotated[bool, Field(strict=True)]
_List = Annotated[list[_AnyText], Field(max_length=MOST_ITEMS)]

TYPES: Mapping[str, Any] = {
    "duration": Duration,
    "count": Count,
    "number": _Number,
    "text": _AnyText,
    "id": Identifier,
    "flag": _Flag,
    "moment": Moment,
    "entry": Text,
    "list": _List,
}
"""Types of what may be said; ``one_of`` is the other one."""

ENTRY, LIST = "entry", "list"

_WANTED = {
    "duration": "a duration such as 90s, 5m or a number of seconds, or null",
    "count": "a whole number of at least 0, or null",
    "number": "a number up to 10^15, or null",
    "text": "text of at most 1,000 characters, or null",
    "id": "letters, digits and any of _ : . @ { } -, or null",
    "flag": "true or false, or null",
    "moment": "a moment such as 2026-01-15T09:30:00Z, or null",
    "entry": "null",
    "list": f"a list of at most {MOST_ITEMS} texts, or null",
}

_ITEM = "text of at most 1,000 characters"
"""What an item of a list is."""

_DRAWN: Mapping[str, Any] = {
    "uuid": Identifier,
    "run_id": Identifier,
    "hex": Identifier,
    "org": Identifier,
    "sandbox": Identifier,
    "flow": Identifier,
    "seconds": Duration,
    "count": Count,
}
"""Draw function → what a scenario may state in its place; any text or number for all others."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a scenario may say: its type, and its value if nothing is said.

    ``choices`` are all allowed values of the kind ``one_of``, and all allowed items of a list.
    """

    name: str
    kind: str
    type: Any
    default: Any
    about: str
    choices: tuple[str | int, ...] = ()


def read_said(mistakes: Mistakes, name: str, node: Node) -> Said | None:
    """Return what one entry of ``says`` declares; notes mistakes."""
    if not mistakes.is_mapping(node):
        return None
    members = mistakes.table(node, "", f"one_of default {' '.join(TYPES)} of {_ABOUT}")
    about = mistakes.text(members.get("about"))
    mistakes.choice(members.get("grade"), GRADES, "gap")
    kinds = [each for each in members if each in TYPES or each == "one_of"]
    if len(kinds) != 1:
        found = f"{len(kinds)} types" if kinds else "no type"
        if kinds or len(members) == len(node.value):
            mistakes.add(node, found, f"exactly one of one_of, {', '.join(TYPES)}")
        return None
    if kinds == ["one_of"]:
        return _choice(mistakes, name, members, about)
    if "default" in members:
        mistakes.add(
            members["default"], "a default of its own", f"it behind {kinds[0]}:", at_key=True
        )
    if kinds == [LIST] and "of" in members:
        return _list_of(mistakes, name, members, about)
    if "of" in members:
        mistakes.add(members["of"], f"of beside {kinds[0]}", "it beside list only", at_key=True)
    return _typed(mistakes, Said(name, kinds[0], TYPES[kinds[0]], None, about), members[kinds[0]])


def _choice(mistakes: Mistakes, name: str, members: Mapping[str, Node], about: str) -> Said | None:
    choices = _choices(mistakes, members["one_of"])
    if not choices:
        return None
    default = members["default"].value if "default" in members else choices[0]
    if default is not None and (type(default), default) not in [(type(x), x) for x in choices]:
        mistakes.add(members["default"], shown(default), f"one of {', '.join(map(str, choices))}")
    return Said(name, "one_of", _type_of(choices), default, about, tuple(choices))


def _list_of(mistakes: Mistakes, name: str, members: Mapping[str, Node], about: str) -> Said | None:
    choices = _choices(mistakes, members["of"])
    if not choices:
        return None
    kind: Any = Annotated[list[_type_of(choices)], Field(max_length=MOST_ITEMS)]  # type: ignore[misc]
    return _typed(mistakes, Said(name, LIST, kind, None, about, tuple(choices)), members[LIST])


def _choices(mistakes: Mistakes, node: Node) -> list[str | int]:
    """Return the texts and numbers of a list; notes other values, which are left out."""
    choices: Any = node.value
    if not isinstance(choices, list) or not 1 <= len(choices) <= MOST_CHOICES:
        mistakes.add(node, shown(choices), f"a list of 1 to {MOST_CHOICES:,} texts or numbers")
        return []
    wrong = [each for each in node.elements() if type(each.value) not in (str, int)]
    for each in wrong:
        mistakes.add(each, shown(each.value), "text or a whole number")
    return [each for each in choices if type(each) in (str, int)]


def _type_of(choices: list[str | int]) -> Any:
    check = BeforeValidator(partial(_same_kind, choices))
    return Annotated[Literal[tuple(choices)], check]


def _same_kind(choices: list[str | int], value: object) -> object:
    """Refuse true and 1.0, which Python takes for 1."""
    if type(value) in (bool, float):
        raise refuse(f"one of {', '.join(map(str, choices))}")
    return value


def _typed(mistakes: Mistakes, said: Said, node: Node) -> Said:
    """Return what may be said with the default at a node; notes one of another type."""
    default = node.value
    if default is not None:
        try:
            default = (
                None if said.kind == ENTRY else TypeAdapter(said.type).validate_python(default)
            )
        except ValidationError as error:
            mistakes.add(*_wrong_default(node, said, error))
        if said.kind == ENTRY:
            mistakes.add(node, shown(node.value), "null: a scenario names the entry")
    return replace(said, default=default)


def _wrong_default(node: Node, said: Said, error: ValidationError) -> tuple[Node, str, str]:
    """Return where a default is wrong, what was found, and what was expected.

    That is an item of a list, if it has no more than may be.
    """
    wanted = _WANTED[said.kind]
    where = [step for step in error.errors()[0]["loc"] if isinstance(step, int)]
    if said.kind != LIST or not isinstance(node.value, list):
        return node, shown(node.value), wanted
    if not where:
        return node, f"a list of {len(node.value):,} items", wanted
    item = node.at(where[0])
    choices = listed([*map(str, said.choices)], 40)
    return item, shown(item.value), f"one of {choices}" if choices else _ITEM


def drawn_type(expression: Expression) -> Any:
    """Return the type of what a scenario may state instead of a draw."""
    return _DRAWN.get(expression.draw, _Scalar) if expression.is_call else _Scalar


def model_of(family: str, said: Mapping[str, Said], drawn: Mapping[str, Any]) -> type[SpecModel]:
    """Return the model of what an entry says: all that may be said, and draws that may be stated.

    ``drawn`` maps the name of each draw to its type.
    """
    fields: dict[str, Any] = {}
    for each in said.values():
        kind = each.type if each.default is not None else each.type | None
        fields[each.name] = (kind, Field(each.default, description=each.about or None))
    for name, kind in drawn.items():
        fields[name] = (kind | None, Field(None, description="Drawn, if left out."))
    title = "".join(map(str.capitalize, family.split("_"))) + "Entry"
    with warnings.catch_warnings():  # a name such as `copy` hides a method that is not needed
        warnings.simplefilter("ignore")
        make: Callable[..., type[SpecModel]] = create_model
        return make(title, __base__=SpecModel, **fields)
