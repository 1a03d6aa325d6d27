"""The operators of a filter: each takes its operand, and returns a test of one value.

Forms and refusals are those of Adobe's DSL page, and of Event Ruler where that page is silent
(io-events-protocol.md 8.2).
"""

from __future__ import annotations

import ipaddress
import operator
from collections.abc import Callable, Collection
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from ...core.printable import brief
from ...errors import FilterError
from ...files.document import Path, spell
from .text import Members, describe, refusal

Scalar = str | int | Decimal | tuple[bool, ...] | None
"""A value of an event without members, as ``conditions.comparable`` makes it."""

Test = Callable[[Scalar], bool]
Operator = Callable[[Path, Any], Test]
"""From the place and the operand of an operator to its test; raises ``FilterError``."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def only(place: Path, member: Members, known: Collection[str]) -> tuple[str, Any]:
    """Return name and operand of the single operator of an object; it must be ``known``."""
    if len(member) != 1:
        found = f"{len(member)} operators in one object" if member else describe(member)
        raise FilterError(spell(place), found, f"exactly one of {', '.join(known)}")
    name, operand = member[0]
    if name not in known:
        raise FilterError(spell(place), f"the operator '{brief(name)}'", _instead(name, known))
    return name, operand


def _instead(name: str, known: Collection[str]) -> str:
    """Return what to write instead of an unknown operator."""
    if name == "wildcard":
        return "prefix or suffix, as wildcards are not supported"
    if name == "$or":
        return "$or in the place of a field, not inside an operator or a list"
    near = get_close_matches(name, known, 1)
    return near[0] if near else f"one of {', '.join(known)}"


def _text(place: Path, operand: Any, expected: str = "text") -> str:
    if not isinstance(operand, str):
        raise refusal(place, operand, expected)
    return operand


def _affix(holds: Callable[[str, str], bool]) -> Operator:
    """Return the operator that compares one end of a text."""

    def compiled(place: Path, operand: Any) -> Test:
        if isinstance(operand, Members):
            name, inner = only(place, operand, ["equals-ignore-case"])
            folded = _text((*place, name), inner).casefold()
            return lambda value: isinstance(value, str) and holds(value.casefold(), folded)
        wanted = _text(place, operand, 'text, or {"equals-ignore-case": "text"}')
        return lambda value: isinstance(value, str) and holds(value, wanted)

    return compiled


def _equals_ignore_case(place: Path, operand: Any) -> Test:
    folded = _text(place, operand).casefold()
    return lambda value: isinstance(value, str) and value.casefold() == folded


def _numeric(place: Path, operand: Any) -> Test:
    """Return the test of one comparison, or of a lower and an upper bound."""
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise refusal(place, operand, 'a comparison, [">", 0], or a range, [">", 0, "<=", 5]')
    bounds = [_bound(place, operand, index) for index in range(0, len(operand), 2)]
    if len(bounds) == 2:
        _check_range(place, operand)
    return lambda value: (
        isinstance(value, int | Decimal)
        and all(compare(value, number) for compare, number in bounds)
    )


def _bound(place: Path, operand: list[Any], index: int) -> tuple[Callable[..., bool], Decimal]:
    sign, number = operand[index], operand[index + 1]
    if not isinstance(sign, str) or sign not in _COMPARISONS:
        raise refusal((*place, index), sign, f"one of {' '.join(_COMPARISONS)}")
    if not isinstance(number, Decimal):
        raise refusal((*place, index + 1), number, "a number")
    return _COMPARISONS[sign], number


def _check_range(place: Path, operand: list[Any]) -> None:
    first, low, second, high = operand
    if first not in (">", ">=") or second not in ("<", "<="):
        raise FilterError(spell(place), f"{first} and {second}", "> or >= first, then < or <=")
    if low >= high:
        found = f"a range from {describe(low)} to {describe(high)}"
        raise FilterError(spell(place), found, "a lower bound below the upper one")


def _exists(place: Path, operand: Any) -> Test:
    """Refuse what is neither true nor false; ``parse_leaf`` handles these itself."""
    raise refusal(place, operand, "true or false")


def _cidr(place: Path, operand: Any) -> Test:
    """Return the test for addresses in a range; bits beyond its length do not count."""
    expected = "an IPv4 or IPv6 range such as 10.0.0.0/8 or 2001:db8::/32"
    text = _text(place, operand, expected)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise refusal(place, operand, expected) from None
    if not text.rpartition("/")[2].isdecimal():
        raise refusal(place, operand, expected)
    if network.prefixlen == network.max_prefixlen:
        raise refusal(place, operand, "a range; write a single address as a value, like any text")
    return lambda value: isinstance(value, str) and _is_in(value, network)


def _is_in(value: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(value) in network
    except ValueError:
        return False


def _anything_but(place: Path, operand: Any) -> Test:
    """Return the test that all values pass except the named ones."""
    if isinstance(operand, Members):
        return _anything_but_like(place, operand)
    values = operand if isinstance(operand, list) else [operand]
    if {type(each) for each in values} not in ({str}, {Decimal}):
        expected = "text or a number, a list of texts or of numbers, or one of "
        raise refusal(place, operand, expected + ", ".join(_TEXTUAL))
    constants = frozenset(values)
    return lambda value: value not in constants


def _anything_but_like(place: Path, operand: Members) -> Test:
    name, inner = only(place, operand, _TEXTUAL)
    here = (*place, name)
    texts = inner if isinstance(inner, list) and inner else [inner]
    for text in texts:
        if not _text(here, text, "text, or a list of texts") and name != "equals-ignore-case":
            raise refusal(here, text, "text that is not empty")
    denied = [_TEXTUAL[name](here, text) for text in texts]
    return lambda value: not any(test(value) for test in denied)


_TEXTUAL: dict[str, Operator] = {
    "prefix": _affix(str.startswith),
    "suffix": _affix(str.endswith),
    "equals-ignore-case": _equals_ignore_case,
}
OPERATORS: dict[str, Operator] = {
    **_TEXTUAL,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "exists": _exists,
    "cidr": _cidr,
}
"""All operators of fields by name; ``$or`` is none of them."""
