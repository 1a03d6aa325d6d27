"""The webhooks that were written from Adobe's protocol alone: which mistakes are caught.

Each mistaken one must fail a check that is about its mistake; the correct ones must fail none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..free_ports import free_port
from ..independent.starting import listed, running
from .checking import CLIENT_ID, Place, Seen, check
from .side_by_side import side_by_side

AT_ONCE = 2
LIMIT = 590.0
"""Seconds for all runs."""

WORDS = {"caught": "caught", "should": "caught by *should*", "missed": "missed"}


@dataclass(frozen=True)
class Judged:
    """A webhook of list.yaml, and what was seen of it."""

    webhook: Mapping[str, Any]
    seen: Seen

    @property
    def found_by(self) -> list[str]:
        """The failed checks that are about the mistake."""
        return [name for name in self.webhook.get("caught_by", ()) if name in self.seen.failed]

    @property
    def now(self) -> str:
        """What the checks say now, in the words of ``at_first``."""
        if not self.found_by:
            return "missed"
        return "caught" if self.seen.exit_code == 1 else "should"

    @property
    def is_right(self) -> bool:
        if "caught_by" not in self.webhook:
            return not self.seen.failed and self.seen.exit_code == 0
        return bool(self.found_by)

    def __str__(self) -> str:
        others = sorted({*self.seen.failed} - {*self.found_by})
        beside = f"; also fails {' '.join(others)}" if others else ""
        if "caught_by" not in self.webhook:
            found = "not blamed" if self.is_right else f"BLAMED{beside}"
        else:
            words = f"at first {WORDS[self.webhook['at_first']]}, now {WORDS[self.now]}"
            found = f"{words}{' by ' if self.found_by else ''}{' '.join(self.found_by)}{beside}"
        thorough = " (thorough)" if self.webhook.get("thorough") else ""
        problem = f" ({self.seen.problem})" if self.seen.problem else ""
        return f"{self.webhook['name']:28} {self.seen.took:4.0f} s  {found}{thorough}{problem}"


def see(webhook: Mapping[str, Any]) -> Seen:
    """Start a webhook of list.yaml and check it, thoroughly where its mistake needs that."""
    port = free_port()
    environment = {"CLIENT_ID": CLIENT_ID, **webhook.get("environment", {})}
    with running(webhook["name"], port, **environment) as started:
        place = Place(started.url, port, started.restart)
        return check(place, thorough=webhook.get("thorough", False))


def main(names: Sequence[str] = ()) -> bool:
    """Print each webhook with its verdict; return whether all are right."""
    chosen = [each for each in listed() if each["name"] in names or not names]
    judged = []
    for webhook, seen in side_by_side(see, chosen, AT_ONCE, LIMIT):
        judged.append(Judged(webhook, seen))
        print(judged[-1], flush=True)
        if not judged[-1].is_right:
            print(*(f"    {name}: {why}" for name, why in seen.why.items()), sep="\n")
    mistaken = [each for each in judged if "caught_by" in each.webhook]
    first = Counter(each.webhook["at_first"] for each in mistaken)
    now = Counter(each.now for each in mistaken)
    blamed = sum(not each.is_right for each in judged if each not in mistaken)
    print(
        f"independent: of {len(mistaken)} mistaken webhooks {_told(first)} at first, {_told(now)} "
        f"now; of {len(judged) - len(mistaken)} correct ones {blamed} blamed"
    )
    return all(each.is_right for each in judged)


def _told(counts: Mapping[str, int]) -> str:
    return (
        f"{counts['caught']} caught, {counts['should']} by *should* only and "
        f"{counts['missed']} missed"
    )
