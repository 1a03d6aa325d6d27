"""The errors that flowsim raises on purpose; each carries what its catcher needs.

::

    FlowsimError             its text is one clear sentence; a command ends with 2
    ├── SettingError         what the user set cannot be used: option, port, folder, file
    │   └── UnreadFileError  a file that cannot be read: problem
    ├── TargetError          an address that is none of a webhook, or not allowed
    ├── KeyFileError         keys or the authority cannot be read or written: path
    ├── FilterError          a subscriber-defined filter that is none: path
    ├── ScenarioError        the mistakes of a file of the user: problems, with their places
    ├── MistakesError        the same, as a running service has found them: text only
    ├── SignatureError       a delivery whose signatures do not fit: header
    ├── UnreachableError     nothing answers where a webhook or service should be; ends with 1
    ├── ServiceError         a running service refused: status_code, message, reason
    ├── ProcessedError       no count of processed events can be had from the webhook's side
    ├── ExhaustedError       flowsim lacks memory, threads or files
    ├── BreakdownError       a thread, process or server of flowsim itself has ended
    ├── StoreError           the service's database cannot be read or written now
    └── ApiError             the service refuses a request: status_code, reason, headers
        └── GatewayError     as Adobe's gateway does, without a right token or key
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .core.printable import printable, printable_lines


class FlowsimError(Exception):
    """Base of all errors that flowsim raises on purpose; its text is one clear sentence.

    The text can be printed as it is: values in it are made printable.
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
"""Longer words have no near names, in characters."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Looks for the names that are near to a word.

    The search is slow, so it is done only when the mistake is printed. ``most`` is the number of
    names to find. With ``suffices``, found names replace the expectation in the message, but for
    ``otherwise``: what else may stand there.
    """

    word: str
    names: Collection[str] = field(compare=False, repr=False)
    most: int = 1
    suffices: bool = False
    otherwise: str = ""

    def before(self, expected: str) -> str:
        """Return what was expected, with the nearest names before it or in its place."""
        from difflib import get_close_matches

        word = self.word if len(self.word) <= _LONGEST_WORD else ""
        near = ", ".join(get_close_matches(word, self.names, self.most))
        if not near:
            return expected
        if self.suffices:
            return f"{near}, or {self.otherwise}" if self.otherwise else near
        return f"{near}, or {expected}"


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
        return f"{printable(subject)}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What was found and what was expected, without the place."""
        expected = self.nearest.before(self.expected) if self.nearest else self.expected
        return printable(f"{self.found}; expected {expected}")


class ScenarioError(_LinesError):
    """A file of the user with mistakes, such as a scenario; ``problems`` holds all of them.

    Its text has a line for each of the first ``MOST_PRINTED``, and one that counts the rest. It is
    made when it is read, since near names are searched for it.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(each) for each in self.problems[:MOST_PRINTED]]
        more = len(self.problems) - len(lines)
        if more:
            noun = "mistake" if more == 1 else "mistakes"
            lines.append(f"… and {more:,} more {noun}; fix these first")
        return printable_lines("\n".join(lines))


class MistakesError(_LinesError):
    """The mistakes of a scenario as a service has found them, a line for each."""


class SignatureError(FlowsimError):
    """A delivery whose signatures do not fit it; ``header`` names the header at fault.

    It ``may_fit_later`` if the key host gave no answer for the moment.
    """

    def __init__(self, header: str, reason: str, *, may_fit_later: bool = False) -> None:
        self.header = header
        self.may_fit_later = may_fit_later
        super().__init__(f"{header}: {reason}")


class KeyFileError(FlowsimError):
    """Keys that cannot be read or written; ``path`` is the file or folder."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class TargetError(FlowsimError):
    """A webhook address that cannot be used."""


class UnreachableError(FlowsimError):
    """Nothing answers where a webhook or a service should be."""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code of a command: 1 if nothing answers it, 2 if flowsim cannot run."""
    return 1 if isinstance(error, UnreachableError) else 2


class ServiceError(FlowsimError):
    """A running events service refused a request; ``message`` is its own sentence.

    ``reason`` is the few words beside it; it is empty if the sentence is not the service's.
    ``conflicting_id`` is the registration that has the name already, after a 409.
    """

    def __init__(
        self, status_code: int, message: str, reason: str = "", conflicting_id: str = ""
    ) -> None:
        self.status_code = status_code
        self.reason = reason
        self.conflicting_id = conflicting_id
        self.message = message
        super().__init__(message)


class SettingError(FlowsimError):
    """What the user set cannot be used: an option, a port, a folder or a file."""


class UnreadFileError(SettingError):
    """A file that cannot be read; ``problem`` says so as a mistake of that file."""

    def __init__(self, path: Path, found: str, expected: str) -> None:
        self.problem = Problem(printable(str(path)), 0, 0, "", found, expected)
        super().__init__(str(self.problem))


class ProcessedError(FlowsimError):
    """What ``--processed`` names does not say how often an event was processed."""


class StateError(FlowsimError):
    """What ``--state`` names does not say what is known of a run."""


class ExhaustedError(FlowsimError):
    """flowsim itself lacks memory, threads or files: what it talks to is not at fault."""


class BreakdownError(FlowsimError):
    """A part of flowsim has ended or does not answer: a thread, a process or a server."""


class FilterError(FlowsimError):
    """A text that is no subscriber-defined filter; ``path`` is the place of the mistake."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        self.path = path
        super().__init__(f"{path or 'filter'}: {found}; expected {expected}")


class StoreError(FlowsimError):
    """The database of the events service cannot be read or written now."""


class ApiError(_LinesError):
    """The events service refuses a request.

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


class GatewayError(ApiError):
    """A request without a right token or api key, refused as Adobe's gateway does it.

    ``reason`` is a number of the gateway's, which its answer calls ``error_code``.
    """
