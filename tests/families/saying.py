"""Strategies for what an entry of any YAML family may say, and what it may state for draws."""

from __future__ import annotations

import ast
import re
from typing import Any

from hypothesis import strategies as st

from flowsim.core import instant
from flowsim.core.spec_values import COUNT_MAX
from flowsim.families.data.computing import Named
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.says import Said

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SECONDS = st.one_of(
    st.sampled_from(["0s", "1ms", "1h", "99m", "3h", "20h"]),
    st.integers(0, 20 * 3600 * 1000).map(lambda milliseconds: f"{milliseconds}ms"),
)
COUNTS = st.one_of(st.integers(0, 20), st.integers(0, COUNT_MAX))
MOMENTS = st.datetimes(
    min_value=instant.parse("2000-01-01T00:00:00Z").replace(tzinfo=None),
    max_value=instant.parse("2090-01-01T00:00:00Z").replace(tzinfo=None),
).map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z")
IDS = st.from_regex(r"[A-Za-z0-9_:.@{}-]{1,40}", fullmatch=True)
UUIDS = st.uuids(version=4).map(str)

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "duration": SECONDS,
    "count": COUNTS,
    "number": st.floats(-1e9, 1e9),
    "text": TEXTS,
    "id": IDS,
    "flag": st.booleans(),
    "moment": MOMENTS,
    "list": st.lists(TEXTS, max_size=5),
}

DRAWN: dict[str, st.SearchStrategy[Any]] = {
    "seconds": SECONDS,
    "uuid": UUIDS,
    "run_id": UUIDS,
    "flow": UUIDS,
    "sandbox": UUIDS,
    "org": st.just("0A1B2C3D4E5F60718293A4B5@AdobeOrg"),
}


def strategy(said: Said) -> st.SearchStrategy[Any]:
    """Return any value of one thing that may be said."""
    if said.kind == "list" and said.choices:
        return st.lists(st.sampled_from(said.choices), max_size=5)
    if said.kind == "one_of":
        return st.sampled_from(said.choices)
    found = UUIDS if said.name == "flow_spec" else STRATEGIES[said.kind]
    return st.none() | found if said.default is None else found


def stated(draw: Named) -> st.SearchStrategy[Any] | None:
    """Return what a scenario may state instead of a draw: what the draw could be.

    It is none if the draw is part of a longer expression.
    """
    name, source = draw.expression.draw, draw.expression.source
    arguments = re.fullmatch(rf"{name}\((.*)\)", source, re.DOTALL)
    if arguments is None:
        return None
    if name in DRAWN:
        return DRAWN[name]
    try:
        values = ast.literal_eval(f"[{arguments[1]}]")
    except (ValueError, SyntaxError):
        return None
    if name == "hex":
        return st.text("0123456789abcdef", min_size=values[0], max_size=values[0])
    return st.integers(*values) if name == "count" else st.sampled_from(values)


def entries(family: DataFamily) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries that state any of what may be said, and any draw, but no earlier entry."""
    parts = family.parts
    said = {each.name: strategy(each) for each in parts.says if each.kind != "entry"}
    chosen = {each.name: said.pop(each.name) for each in parts.says if each.kind == "one_of"}
    drawn = {each.name: stated(each) for each in (*parts.draws.parts, *parts.event_draws.parts)}
    known = {name: each for name, each in drawn.items() if each is not None}
    return st.fixed_dictionaries(chosen, optional={**said, **known})
