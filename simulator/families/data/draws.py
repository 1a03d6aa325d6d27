"""Random values of an entry: each follows from the seed, the entry and the name of the draw.

``run_id``, ``org``, ``sandbox`` and ``flow`` give the same as flow runs draw in the same story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from ...core.identifiers import echo_uuid4, org_id, uuid4
from ...runtime.chance import Chance
from .functions import seconds_of
from .values import Function, ValueMistakeError, bounded, kind_of

SOURCE = " source"
"""The name in a scope under which the source of draws is; no expression can say it."""

_MOST_DIGITS = 256


@dataclass(frozen=True, slots=True)
class DrawSource:
    """Where an entry draws from: the chance of the story, the name of the entry, the family.

    ``event`` is the place of an event in the entry, if the draw is one of this event alone.
    """

    chance: Chance
    name: str
    family: str
    event: str = ""

    def raw(self, draw: str, size: int) -> bytes:
        """Return the random bytes of a draw; families with the same label draw other ones."""
        of_event = f"/{self.event}" if self.event else ""
        return self.chance.of_story(f"{self.name}/{self.family}/{draw}{of_event}", size)


def _uuid(source: DrawSource, draw: str) -> str:
    return uuid4(source.raw(draw, 16))


def _run_id(source: DrawSource, _draw: str) -> str:
    return uuid4(source.chance.of_story(source.name, 16))


def _hex(source: DrawSource, draw: str, digits: Any, name: Any = None) -> str:
    """Return digits; with a name, those that all draws of so many digits have for this name."""
    if type(digits) is not int or not 1 <= digits <= _MOST_DIGITS:
        raise ValueMistakeError(f"hex({digits!r:.60})", f"1 to {_MOST_DIGITS} digits")
    size = (digits + 1) // 2
    if name is None:
        return source.raw(draw, size).hex()[:digits]
    return source.chance.of_story(f"hex/{digits}/{_name(name)}", size).hex()[:digits]


def _seconds(source: DrawSource, draw: str, low: Any, high: Any) -> float:
    least, most = seconds_of(low), seconds_of(high)
    if most < least:
        raise ValueMistakeError("the longer duration first", "the shorter one first")
    share = int.from_bytes(source.raw(draw, 8), "big") / 2**64
    return round(least + (most - least) * share, 3)


def _count(source: DrawSource, draw: str, low: Any, high: Any) -> int:
    if type(low) is not int or type(high) is not int:
        raise ValueMistakeError(f"{kind_of(low)} and {kind_of(high)}", "two whole numbers")
    if high < low:
        raise ValueMistakeError("the larger number first", "the smaller one first")
    bounded(low), bounded(high)
    return low + int.from_bytes(source.raw(draw, 16), "big") % (high - low + 1)


def _pick(source: DrawSource, draw: str, *choices: Any) -> Any:
    return choices[int.from_bytes(source.raw(draw, 8), "big") % len(choices)]


def _org(source: DrawSource, _draw: str) -> str:
    return org_id(source.chance.of_story("org", 12))


def _name(value: Any) -> str:
    if type(value) is not str:
        raise ValueMistakeError(kind_of(value), "a name")
    return value


def _sandbox(source: DrawSource, _draw: str, name: Any) -> str:
    return echo_uuid4(source.chance.of_story(f"sandbox/{_name(name)}", 9))


def _flow(source: DrawSource, _draw: str, name: Any) -> str:
    return uuid4(source.chance.of_story(f"flow/{source.family}/{_name(name)}", 16))


def _drawing(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the context, of the name of the draw, and of what is stated."""

    @pass_context
    def draw(context: Context, name: str, *stated: Any) -> Any:
        return call(context.parent[SOURCE], name, *stated)

    return draw


DRAWS: Mapping[str, Function] = {
    "uuid": Function(_drawing(_uuid), 0, 0),
    "run_id": Function(_drawing(_run_id), 0, 0),
    "hex": Function(_drawing(_hex), 1, 2),
    "seconds": Function(_drawing(_seconds), 2, 2),
    "count": Function(_drawing(_count), 2, 2),
    "pick": Function(_drawing(_pick), 1, 50),
}
"""Functions of ``draws`` only."""

STORY: Mapping[str, Function] = {
    "org": Function(_drawing(_org), 0, 0),
    "sandbox": Function(_drawing(_sandbox), 1, 1),
    "flow": Function(_drawing(_flow), 1, 1),
}
"""Functions of ``draws`` and ``values``: the same in all entries of a story."""
