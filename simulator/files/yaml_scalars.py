"""Scalars of YAML 1.2 as plain values, and the tags that may stand before a node."""

from __future__ import annotations

import math
import re
import sys
from functools import cache
from typing import Any

from ruamel.yaml.events import Event, MappingStartEvent, ScalarEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from ..core.printable import brief
from .document import DIGITS

MERGE_KEY = "<<"

MOST_DIGITS = 1_000
"""The most digits of a number."""

_WHOLE = re.compile("[-+]?(?:0[xo])?([0-9a-fA-F_]+)")
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}
_TYPES = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "null": type(None),
}


def tag_problem(event: Any) -> str:
    """Return a tag that is not plain YAML, as it is printed; empty if there is none."""
    tag = str(event.tag) if event.tag else ""
    if not tag or tag == "!" or _fits(tag, event):
        return ""
    return brief(tag.replace(_TAG, "!!"))


def _fits(tag: str, event: Event) -> bool:
    """Tell whether a tag of plain YAML names the type that the node has, such as ``!!int 3``."""
    if tag not in _PLAIN_TAGS:
        return False
    if not isinstance(event, ScalarEvent):
        return tag == _TAG + ("map" if isinstance(event, MappingStartEvent) else "seq")
    kind = tag.removeprefix(_TAG)
    return isinstance(_convert(kind, event.value), _TYPES.get(kind, ()))


@cache
def _resolver() -> VersionedResolver:
    """Return a resolver whose rules are complete.

    A resolver adds rules at its first use; a second thread would then find only some of them.
    """
    made = VersionedResolver(version=(1, 2))
    assert made.versioned_resolver
    return made


def is_merge_key(event: ScalarEvent) -> bool:
    """Tell whether a key is the merge key of YAML 1.1, which adds the keys of other mappings."""
    return event.value == MERGE_KEY and event.style is None and not event.tag


def resolve(event: ScalarEvent) -> Any:
    """Return a scalar as YAML 1.2 reads it; dates stay text, since JSON has no dates."""
    if event.tag and str(event.tag) in _PLAIN_TAGS:
        kind = str(event.tag).removeprefix(_TAG)
    elif event.style is not None or str(event.tag or "") == "!":
        return event.value
    else:
        kind = str(_resolver().resolve(ScalarNode, event.value, (True, False))).removeprefix(_TAG)
    return _convert(kind, event.value)


def number_mistake(text: str, value: Any) -> tuple[str, str, int] | None:
    """Return what is wrong with a number that is not finite or too long, with its text.

    That is what was found, what was expected, and a number to go on with. Nothing is wrong with
    other values.
    """
    if not isinstance(value, float) or math.isfinite(value):
        return None
    if (digits := _digits_of(text)) > MOST_DIGITS:
        wanted = f"a number of at most {MOST_DIGITS:,} digits"
        instead = 10**MOST_DIGITS * (-1 if text.startswith("-") else 1)
        return f"a number of {digits:,}{DIGITS}", wanted, instead
    is_endless = any(word in text.lower() for word in ("inf", "nan"))
    wanted = "a finite number" if is_endless else f"a number of at most {sys.float_info.max:.2g}"
    return brief(text[:40]), wanted, 0


def whole_text(text: str) -> str | None:
    """Return text whose pairs of surrogate escapes are one character each, as in JSON.

    None stands for text with half of a pair.
    """
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def _digits_of(text: str) -> int:
    """Return how many digits a whole number has; 0 for other text."""
    found = _WHOLE.fullmatch(text)
    return len(found[1].replace("_", "")) if found else 0


def _convert(kind: str, text: str) -> Any:
    plain = text.replace("_", "").lower()
    try:
        if kind == "int":
            return _whole(plain)
        if kind == "float":
            return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:  # such as a minus sign alone
        return text
    if kind == "null" and plain in ("", "~", "null"):
        return None
    if kind == "bool" and plain in ("true", "false"):
        return plain == "true"
    return text


def _whole(plain: str) -> int | float:
    """Return a whole number; one that is too long to be printed again is no finite number."""
    if len(plain) > MOST_DIGITS:
        return math.inf
    return int(plain, 0) if plain.lstrip("+-")[:2] in ("0x", "0o", "0b") else int(plain)
