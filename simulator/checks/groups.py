"""The groups of checks, and the files that hold them: ours, and those that families bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..families.registry import shipped
from ..families.sources import python_names

_OURS = {
    "challenge": "how a webhook proves that it wants events",
    "signature": "what is accepted and what is refused, by signatures, keys and recipients",
    "http": "how requests are read and answered",
    "identity": "duplicates, retries and order",
}
"""Groups about events of any family → what they are about."""

_LAST = {"load": "many events at once"}
"""The group that is checked last, since it may slow a webhook down."""


@dataclass(frozen=True, slots=True)
class CheckFile:
    """A file with checks of one group; ``family`` brings it, if it is not about all families.

    A file ``of_package`` may have mistakes.
    """

    group: str
    path: Path
    family: str = ""
    of_package: bool = False

    @property
    def name(self) -> str:
        """A name that no other file has."""
        return self.family or self.group


@cache
def groups() -> Mapping[str, str]:
    """Return the groups in the order in which they are checked → what they are about."""
    brought = (family.checks() for family in shipped().with_checks())
    of_families = {each.name: each.about for each in brought if each is not None}
    return {**_OURS, **of_families, **_OURS, **_LAST}


@cache
def files() -> tuple[CheckFile, ...]:
    """Return all files with shipped checks, and those of packages."""
    ours = (CheckFile(group, Path(__file__).with_name(f"{group}.yaml")) for group in _OURS | _LAST)
    return (*ours, *_brought())


def _brought() -> Iterator[CheckFile]:
    for family in shipped().with_checks():
        if (brought := family.checks()) is not None:
            is_added = family.name not in python_names()
            yield CheckFile(brought.name, brought.file, family.name, is_added)
