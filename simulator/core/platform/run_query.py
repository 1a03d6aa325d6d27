"""Which flow runs a request to Flow Service asks for (flow-run-payloads.md 2.1)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import ApiError
from .run_entity import at

Json = dict[str, Any]

MOST, DEFAULT = 100, 20
"""Runs on one page: at most, and if the request says nothing. Neither is documented."""

_KNOWN = ("property", "limit", "orderby", "continuationToken", "count")
_PROPERTY = re.compile(r"([A-Za-z0-9_.]+)(==|!=|>=|<=|>|<)(.*)", re.DOTALL)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_ORDERS = ("createdAt", "updatedAt", "id")


@dataclass(frozen=True, slots=True)
class Condition:
    """One ``property`` of a request: ``metrics.statusSummary.status==failed``."""

    path: tuple[str, ...]
    sign: str
    value: str

    def holds(self, run: Json) -> bool:
        """Tell whether a run is as asked; text compares without regard to case."""
        found = at(run, *self.path)
        if found is None:
            return self.sign == "!="
        return _OPERATORS[self.sign](*_comparable(found, self.value))


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A page of runs: conditions that all hold, the order, how many, and from which one on."""

    conditions: tuple[Condition, ...]
    order: str
    descending: bool
    limit: int
    offset: int
    count: bool

    @property
    def flow_id(self) -> str | None:
        """The one flow that runs are asked of, if there is one."""
        for each in self.conditions:
            if each.path == ("flowId",) and each.sign == "==":
                return each.value
        return None


def parse(arguments: Mapping[str, Sequence[str]]) -> RunQuery:
    """Return what a query asks for.

    Raises ``ApiError`` 400 with the number of Flow Service's error list (4.4).
    """
    for name in arguments:
        if name not in _KNOWN:
            raise _refusal(
                "1451", f"unknown query parameter {name!r}; known are {', '.join(_KNOWN)}"
            )
    if "limit" in arguments and "count" in arguments:
        raise _refusal("1401", "limit and count exclude each other")
    order = arguments.get("orderby", ["-createdAt"])[-1]
    name = order.lstrip("+-")
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
    """Return the runs that are as asked, in the order asked for."""
    fitting = [run for run in runs if all(each.holds(run) for each in query.conditions)]
    fitting.sort(key=lambda run: _sort_key(run.get(query.order)), reverse=query.descending)
    return fitting


def _condition(text: str) -> Condition:
    match = _PROPERTY.fullmatch(text.strip())
    if match is None:
        raise _refusal("1450", f"{text[:80]!r} is no filter; expected such as flowId==…")
    return Condition(tuple(match[1].split(".")), match[2], match[3].strip("\"'"))


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
