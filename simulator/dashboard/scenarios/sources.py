"""Where scenarios come from: flowsim itself, and a folder of the user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ApiError, ScenarioError, SettingError
from ...files.text_files import decode
from ...scenario import files
from ...scenario.folder import FolderListing, ScenarioFolder


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """The text of a scenario; ``name`` is its file's name, or that of a shipped one."""

    name: str
    text: str
    is_own: bool

    @property
    def asked(self) -> dict[str, Any]:
        """What ``trigger`` is asked for."""
        if self.is_own:
            return {"text": self.text, "file": self.name}
        return {"scenario": self.name}


@dataclass(frozen=True, slots=True)
class ScenarioNames:
    """The names of all scenarios; ``problem`` says why the folder cannot be read, or is empty."""

    shipped: tuple[str, ...]
    own: FolderListing
    problem: str


class ScenarioSources:
    """Scenarios by their names; names of own ones end in ``.yaml`` or ``.yml``.

    ``folder`` is None without ``--scenarios``. Nothing is kept: each look sees the files as they
    are.
    """

    def __init__(self, folder: ScenarioFolder | None) -> None:
        self._folder = folder

    @property
    def folder_name(self) -> str:
        """The folder as the user named it; empty without one."""
        return "" if self._folder is None else self._folder.name

    def names(self) -> ScenarioNames:
        """Return the names of all scenarios."""
        listing, problem = FolderListing(()), ""
        if self._folder is not None:
            try:
                listing = self._folder.listing()
            except SettingError as error:
                problem = str(error)
        return ScenarioNames(tuple(files.shipped()), listing, problem)

    def command_name(self, name: str) -> str:
        """Return what a command line names a scenario."""
        if self._folder is None or name in files.shipped():
            return name
        return str(Path(self._folder.name) / name)

    def read(self, name: str) -> ScenarioText:
        """Return the scenario of a name in the list.

        Raises ``ApiError`` 404 for any other name, ``ScenarioError`` for a file that cannot be
        read.
        """
        if name in files.shipped():
            return _shipped(name)
        try:
            if self._folder is None:
                raise LookupError(name)
            return ScenarioText(name, self._folder.text(name), is_own=True)
        except LookupError:
            raise ApiError(404, "Not Found", f"no scenario {name[:80]!r} in the list") from None

    def read_listed(self, name: str) -> ScenarioText:
        """Return a scenario whose name is of ``names``; raises ``ScenarioError``."""
        if name in files.shipped():
            return _shipped(name)
        assert self._folder is not None
        return ScenarioText(name, self._folder.text_of_listed(name), is_own=True)

    def containing(self, text: str, names: Iterable[str], most: int) -> tuple[list[str], bool]:
        """Return the names of files with a text in name or content, and whether all were read.

        At most ``most`` bytes are read; of the files behind them only the names are looked at.
        """
        wanted, found, read = text.casefold(), [], 0
        for name in names:
            if wanted in name.casefold():
                found.append(name)
            elif read < most:
                content = self._content(name)
                read += len(content)
                if wanted in content.casefold():
                    found.append(name)
        return found, read < most

    def _content(self, name: str) -> str:
        try:
            return self.read_listed(name).text
        except ScenarioError:
            return ""


def _shipped(name: str) -> ScenarioText:
    path = files.shipped()[name]
    return ScenarioText(name, decode(path.read_bytes(), name), is_own=False)
