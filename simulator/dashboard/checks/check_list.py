"""The list of shipped checks, filtered by group, level and text, and those of it to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from ...checks import catalogue
from ...checks.check import LEVELS, Check
from ...checks.groups import groups
from ...checks.levels import REASONS


@dataclass(frozen=True, slots=True)
class CheckFilter:
    """Which checks are listed; an empty member lets all pass."""

    group: str = ""
    level: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> CheckFilter:
        """Return the filter in a query or a form; other groups and levels are left out."""
        group, level = query.get("group", ""), query.get("level", "")
        return cls(
            group if group in groups() else "",
            level if level in LEVELS else "",
            query.get("text", "").strip()[:200],
        )

    @property
    def query(self) -> str:
        """The filter as the query of an address, without the question mark."""
        found = {"group": self.group, "level": self.level, "text": self.text}
        return urlencode({name: value for name, value in found.items() if value})

    def passes(self, check: Check) -> bool:
        """Return whether a check is listed."""
        text = self.text.lower()
        words = f"{check.name} {check.claim} {check.why} {check.advice}".lower()
        return self.group in ("", check.group) and self.level in ("", check.level) and text in words


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check in the list; ``when`` says when it is a *must*, or is sent, if not always."""

    name: str
    group: str
    level: str
    claim: str
    why: str
    page: str
    when: str


def listed(wanted: CheckFilter) -> list[CheckRow]:
    """Return the shipped checks that pass a filter, in the order in which they are sent."""
    found = map(catalogue.find, catalogue.names())
    return [_row(check) for check in found if wanted.passes(check)]


def _row(check: Check) -> CheckRow:
    when = [f"must if {REASONS[check.must_for]}"] if check.must_for else []
    when += ["only in a thorough run, or if it is ticked"] if check.is_thorough else []
    said = check.name, check.group, check.level, check.claim, check.why, check.page
    return CheckRow(*said, "; ".join(when))


def chosen_names(ticked: Sequence[str], wanted: CheckFilter, *, thorough: bool) -> tuple[str, ...]:
    """Return the names of the checks to send: those that are ticked, or else all that are listed.

    It is empty without a filter: all checks are sent.
    """
    if ticked or not wanted.query:
        return tuple(ticked)
    rows = map(catalogue.find, catalogue.names())
    found = [each for each in rows if wanted.passes(each)]
    return tuple(each.name for each in found if thorough or not each.is_thorough)


def skipped_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return checks to leave out: those of a group that has the name of a check among ``names``."""
    return tuple(
        each
        for each in catalogue.names()
        if catalogue.find(each).group in names and each not in names
    )
