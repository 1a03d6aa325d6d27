"""Queries for flow runs, as Flow Service reads them (flow-run-payloads.md 2.1)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import ApiError

Json = dict[str, Any]

MOST, DEFAULT = 100, 20
"""Runs on one page: the largest number, and the default. Neither is documented."""

_KNOWN = ("property", "limit", "orderby", "continuationToken", "count")
_NAME = r"[A-Za-z0-9_/-]+(?:\[\])?"
_PROPERTY = re.compile(rf"({_NAME}(?:\.{_NAME})*)(==|!=|>=|<=|>|<)(.*)", re.DOTALL)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_ORDERS = ("createdAt", "updatedAt", "id")
_OF_ARRAY = "[]"
_STATE = ("metrics", "statusSummary", "status")


@dataclass(frozen=True, slots=True)
class Condition:
    """One ``property`` of a query, such as ``metrics.statusSummary.status==failed``.

    A step of the path that ends in ``[]`` leads to every element of an array. The condition holds
    if one of the ``values`` does.
    """

    path: tuple[str, ...]
    sign: str
    values: tuple[str, ...]

    def holds(self, run: Json) -> bool:
        """Tell whether the condition holds for a run; upper and lower case of text are the same.

        If the path leads to several elements, one that fits is enough. For ``!=`` all must differ.
        """
        found = list(_found(run, self.path))
        if self.sign == "!=":
            return not any(self._fits(operator.eq, each) for each in found)
        return any(self._fits(_OPERATORS[self.sign], each) for each in found)

    def _fits(self, compare: Callable[[Any, Any], bool], found: Any) -> bool:
        return any(compare(*_comparable(found, value)) for value in self.values)


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A query: the conditions, of which all must hold, the order, and which part of the result."""

    conditions: tuple[Condition, ...]
    order: str
    descending: bool
    limit: int
    offset: int
    count: bool

    @property
    def flow_id(self) -> str | None:
        """The id of the only flow whose runs are asked for, if there is one."""
        for each in self.conditions:
            if (each.path, each.sign, len(each.values)) == (("flowId",), "==", 1):
                return each.values[0]
        return None


def parse(arguments: Mapping[str, Sequence[str]]) -> RunQuery:
    """Return the query in the arguments of a request.

    Raises ``ApiError`` 400 with an error code of Flow Service (4.4).
    """
    for name in arguments:
        if name not in _KNOWN:
            raise _refusal(
                "1451", f"unknown query parameter {name!r}; known are {', '.join(_KNOWN)}"
            )
    if "limit" in arguments and "count" in arguments:
        raise _refusal("1401", "limit and count exclude each other")
    order = arguments.get("orderby", ["-createdAt"])[-1]
    name = order.lstrip("+- ")  # a plus sign in a URL is decoded as a space
    if name not in _ORDERS:
        raise _refusal("1433", f"cannot order by {name!r}; expected one of {', '.join(_ORDERS)}")
    return RunQuery(
        tuple(_condition(text) for text in arguments.get("property", [])),
        name,
        order.startswith("-"),
        _number(arguments, "limit", DEFAULT, MOST),
        _number(arguments, "continuationToken", 0, 10**9),
        arguments.get("count", ["false"])[-1] == "true",
    )


def select(query: RunQuery, runs: list[Json]) -> list[Json]:
    """Return all runs for which the conditions hold, in the order of the query."""
    fitting = [run for run in runs if all(each.holds(run) for each in query.conditions)]
    fitting.sort(key=lambda run: _sort_key(run.get(query.order)), reverse=query.descending)
    return fitting


def _condition(text: str) -> Condition:
    """Return a condition; ``state``, which no published run has, stands for the run's status."""
    match = _PROPERTY.fullmatch(text.strip())
    if match is None:
        raise _refusal("1450", f"{text[:80]!r} is not a filter; expected one such as flowId==…")
    path, sign = tuple(match[1].split(".")), match[2]
    values = tuple(each.strip().strip("\"'") for each in match[3].split(","))
    if len(values) > 1 and sign not in ("==", "!="):
        raise _refusal("1443", f"{sign} takes one value, not {len(values)}; == takes several")
    return Condition(_STATE if path == ("state",) else path, sign, values)


def _found(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield the values at a path; only ``[]`` leads into an array."""
    if not path:
        yield value
        return
    inner = value.get(path[0].removesuffix(_OF_ARRAY)) if isinstance(value, dict) else None
    if not path[0].endswith(_OF_ARRAY):
        inner = [inner]
    for each in inner if isinstance(inner, list) else ():
        if each is not None:
            yield from _found(each, path[1:])


def _number(arguments: Mapping[str, Sequence[str]], name: str, default: int, most: int) -> int:
    text = arguments.get(name, [str(default)])[-1]
    low = 0 if name == "continuationToken" else 1
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and low <= int(text) <= most):
        raise _refusal("1453", f"{name} is {text[:40]!r}; expected a number from {low} to {most}")
    return int(text)


def _comparable(found: Any, value: str) -> tuple[Any, Any]:
    if isinstance(found, int | float) and not isinstance(found, bool):
        try:
            return float(found), float(value)
        except (ValueError, OverflowError):
            return str(found), value
    return str(found).lower(), value.lower()


def _sort_key(value: Any) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 0, float(value), ""
    return 1, 0.0, str(value)


def _refusal(number: str, message: str) -> ApiError:
    return ApiError(400, f"{number}-400", message)
