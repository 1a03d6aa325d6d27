"""Everything flowsim can say no with: each error carries what its catcher needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .printable import printable, printable_lines


class FlowsimError(Exception):
    """Base of all errors that flowsim raises on purpose; its text is one clear sentence.

    The text can be printed as it is, whatever values it names.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class _LinesError(FlowsimError):
    """An error whose text may have several lines."""

    def __str__(self) -> str:
        return printable_lines(Exception.__str__(self))


MOST_PRINTED = 50
"""How many mistakes of a scenario are printed; the others are counted."""

_LONGEST_WORD = 1_000
"""A longer word is near to no name, in characters."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Looks for the names that are near to a word.

    The search takes longer than all else about a mistake, so it waits until the mistake is
    printed. ``most`` is the number of names to find. ``suffices`` says that a name that was
    found makes the rest of the expectation superfluous.
    """

    word: str
    names: Collection[str] = field(compare=False, repr=False)
    most: int = 1
    suffices: bool = False

    def before(self, expected: str) -> str:
        """Return what was expected, with the nearest names before it or in its place."""
        from difflib import get_close_matches

        word = self.word if len(self.word) <= _LONGEST_WORD else ""
        near = ", ".join(get_close_matches(word, self.names, self.most))
        if not near:
            return expected
        return near if self.suffices else f"{near}, or {expected}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of a scenario, with its place.

    ``line`` and ``column`` count from 1; both are 0 where the mistake has no place in a file
    (a value given on the command line). ``nearest`` finds the names that are printed before
    what was expected.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    nearest: Nearest | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{place}: {self.path}" if self.path else place
        expected = self.nearest.before(self.expected) if self.nearest else self.expected
        return printable(f"{subject}: {self.found}; expected {expected}")


class ScenarioError(_LinesError):
    """A scenario that cannot be told; ``problems`` holds every mistake that was found.

    Its text has a line for each of the first ``MOST_PRINTED``, and one that counts the rest.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(each) for each in self.problems[:MOST_PRINTED]]
        more = len(self.problems) - len(lines)
        if more:
            noun = "mistake" if more == 1 else "mistakes"
            lines.append(f"… and {more:,} more {noun}; mend these first")
        super().__init__("\n".join(lines))


class SignatureError(FlowsimError):
    """A delivery that its signatures do not vouch for; ``header`` is the one at fault."""

    def __init__(self, header: str, reason: str) -> None:
        self.header = header
        super().__init__(f"{header}: {reason}")


class KeyFileError(FlowsimError):
    """Keys that cannot be read or written; ``path`` is the file or folder."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class TargetError(FlowsimError):
    """A webhook address that cannot be used."""


class UnreachableError(FlowsimError):
    """A webhook or a service that nobody answers for."""


class ServiceError(FlowsimError):
    """What a running events service said no to, in its own words.

    ``reason`` is the few words beside the ``message``; nothing, if it was not the service's.
    """

    def __init__(self, status_code: int, message: str, reason: str = "") -> None:
        self.status_code = status_code
        self.reason = reason
        self.message = message
        super().__init__(message)


class SettingError(FlowsimError):
    """An option, a port or a folder that flowsim cannot work with."""


class NoRoomError(FlowsimError):
    """A connection that this process has no room for now: no file, memory or thread is left."""


class FilterError(FlowsimError):
    """A subscriber-defined filter that is no filter; ``path`` is the place in its text."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        self.path = path
        super().__init__(f"{path or 'filter'}: {found}; expected {expected}")


class StoreError(FlowsimError):
    """The events service's file cannot be read or written now."""


class ApiError(_LinesError):
    """A request to the events service that it says no to.

    ``reason`` is a few words, ``message`` the sentence; both stand in the answer's body
    (io-events-protocol.md 6.1). ``headers`` go with the answer.
    """

    def __init__(
        self, status_code: int, reason: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = status_code
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(message)
