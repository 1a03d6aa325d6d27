"""A second implementation of filters: slow, and without any code of the first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count, product
from typing import Any

Field = tuple[str, Any, dict[int, int], bool]
Alternative = list[tuple[str, list[Any]]]


def matches(filter_: dict[str, Any], event: dict[str, Any]) -> bool:
    """Return whether an event matches an alternative of a filter."""
    fields = fields_of(event)
    return any(holds(each, fields, {}) for each in alternatives_of(filter_))


def fields_of(event: dict[str, Any]) -> list[Field]:
    """Return names, values, for each array around a value the element it is in, and whether
    the value is an element itself.
    """
    numbers = count()

    def flat(array: list[Any]) -> Iterator[Any]:
        for each in array:
            yield from flat(each) if isinstance(each, list) else [each]

    def walk(
        name: str, value: Any, elements: dict[int, int], is_element: bool = False
    ) -> Iterator[Field]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from walk(f"{name}.{key}" if name else key, each, elements)
        elif isinstance(value, list):
            number = next(numbers)
            for index, each in enumerate(flat(value)):
                within = {**elements, number: index} if isinstance(each, dict) else elements
                yield from walk(name, each, within, True)
        else:
            yield name, value, elements, is_element

    return [*walk("", event, {})]


def alternatives_of(filter_: dict[str, Any], name: str = "") -> Iterator[Alternative]:
    choices = []
    for key, value in filter_.items():
        path = f"{name}.{key}" if name else key
        if key == "$or":
            choices.append([each for member in value for each in alternatives_of(member, name)])
        elif isinstance(value, dict):
            choices.append([*alternatives_of(value, path)])
        else:
            choices.append([[(path, value)]])
    for chosen in product(*choices):
        yield [condition for conditions in chosen for condition in conditions]


def number(value: Any) -> Any:
    return Decimal(str(value)) if type(value) in (int, float) else None


def says(member: Any, value: Any, is_element: bool = False) -> bool:
    """Return whether one member of a list matches a value; an array may hold the value."""
    if not isinstance(member, dict):
        if number(member) is not None:
            return number(member) == number(value)
        return type(member) is type(value) and member == value
    [(name, operand)] = member.items()
    if name == "exists":
        return operand and not is_element
    if name == "numeric":
        return number(value) is not None and says_of_number(operand, number(value))
    if name == "anything-but":
        return not any(says(each, value) for each in denied_by(operand))
    return isinstance(value, str) and says_of_text(name, operand, value)


def denied_by(operand: Any) -> list[Any]:
    if isinstance(operand, dict):
        [(name, texts)] = operand.items()
        return [{name: each} for each in (texts if isinstance(texts, list) else [texts])]
    return operand if isinstance(operand, list) else [operand]


def says_of_number(operand: Any, value: Decimal) -> bool:
    for sign, bound in zip(operand[::2], operand[1::2], strict=True):
        less, same = value < number(bound), value == number(bound)
        more = not less and not same
        if not ((same and "=" in sign) or (less and "<" in sign) or (more and ">" in sign)):
            return False
    return True


def says_of_text(name: str, operand: Any, value: str) -> bool:
    if name == "cidr":
        return value == {"10.0.0.0/8": "10.0.0.1", "::/64": "::1"}[operand]
    if isinstance(operand, dict):
        return says_of_text(name, operand["equals-ignore-case"].lower(), value.lower())
    if name == "equals-ignore-case":
        return value.lower() == operand.lower()
    end = value[: len(operand)] if name == "prefix" else value[len(value) - len(operand) :]
    return len(value) >= len(operand) and end == operand


def agree(some: dict[int, int], more: dict[int, int]) -> bool:
    return all(more.get(array, element) == element for array, element in some.items())


def holds(
    conditions: Alternative,
    fields: list[Field],
    chosen: dict[int, int],
    absent: tuple[str, ...] = (),
) -> bool:
    """Try every value, and absence, for every condition: all from the same elements."""
    if not conditions:
        return not any(
            name in absent and agree(each, chosen) and not is_element
            for name, _, each, is_element in fields
        )
    (wanted, members), *rest = conditions
    if {"exists": False} in members and holds(rest, fields, chosen, (*absent, wanted)):
        return True
    return any(
        holds(rest, fields, chosen | elements, absent)
        for name, value, elements, is_element in fields
        if name == wanted
        and agree(elements, chosen)
        and any(says(m, value, is_element) for m in members)
    )
