"""A folder of scenario files that the user edits: listed and read anew at each look."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..core.printable import printable
from ..core.system_reasons import reason_of
from ..errors import Problem, ScenarioError, SettingError
from ..files import texts
from ..files.text_files import ENDINGS, is_at

LARGEST = 256 * 1024
"""The largest file that is read, in bytes; a larger one is named, with the reason."""

MOST_FILES = 10_000
"""How many files are listed; the others are counted."""

_WANTED = "a folder of scenario files"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The names of the scenario files in a folder, in order.

    ``nameless`` are printable names that are no UTF-8, which no address can have. ``left_out``
    counts files beyond ``MOST_FILES``.
    """

    names: tuple[str, ...]
    nameless: tuple[str, ...] = ()
    left_out: int = 0


class ScenarioFolder:
    """A folder on this machine; nothing of it is kept between two looks."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The folder as the user named it, made printable."""
        return printable(str(self._path))

    def expect_folder(self) -> None:
        """Raise ``SettingError`` if there is no such folder."""
        if not is_at(self._path, Path.is_dir):
            found = "a file" if is_at(self._path, Path.exists) else "no such folder"
            raise SettingError(f"{self._path}: {found}; expected {_WANTED}")

    def listing(self) -> FolderListing:
        """Return the files ``*.yaml`` and ``*.yml``, without hidden ones.

        Raises ``SettingError`` if the folder cannot be read.
        """
        self.expect_folder()
        try:
            with os.scandir(self._path) as entries:
                found = _scenario_names(entries)
                listed = [*islice(found, MOST_FILES)]
                left_out = sum(1 for _ in found)
        except OSError as error:
            raise SettingError(f"{self._path}: {reason_of(error)}; expected {_WANTED}") from None
        names = sorted(each for each in listed if _is_utf_8(each))
        nameless = sorted(printable(each) for each in listed if not _is_utf_8(each))
        return FolderListing(tuple(names), tuple(nameless), left_out)

    def text(self, name: str) -> str:
        """Return the text of a file that is listed.

        Raises ``LookupError`` for any other name, ``ScenarioError`` for a file that cannot be
        read, is too large, is not text, or is a link to a place outside of the folder.
        """
        if name not in self.listing().names:
            raise LookupError(name)
        return self.text_of_listed(name)

    def text_of_listed(self, name: str) -> str:
        """Return the text of a file whose name is of a listing; raises ``ScenarioError``."""
        raw = self._bytes(name)
        if len(raw) > LARGEST:
            most = f"at most {LARGEST // 1024} KiB; flowsim validate and replay read larger files"
            raise _unreadable(name, f"a file above {LARGEST // 1024} KiB", most)
        try:
            return texts.decode(raw)
        except texts.NoTextError as error:
            place = error.line, error.column
            raise ScenarioError([Problem(name, *place, "", error.found, error.expected)]) from None

    def _bytes(self, name: str) -> bytes:
        """Return the first bytes of a regular file in the folder, one more than allowed."""
        real = os.path.realpath(self._path / name)
        if not Path(real).is_relative_to(os.path.realpath(self._path)):
            raise _unreadable(name, "a link to a place outside of the folder", "a file in it")
        try:
            with open(os.open(real, _FLAGS), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise _unreadable(name, "no regular file", "a scenario file")
                return file.read(LARGEST + 1)
        except OSError as error:
            raise _unreadable(name, reason_of(error), "a scenario file") from None


def _scenario_names(entries: Iterator[os.DirEntry[str]]) -> Iterator[str]:
    for each in entries:
        is_one = each.name.lower().endswith(ENDINGS) and not each.name.startswith(".")
        if is_one and not _is_folder(each):
            yield each.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_utf_8(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _unreadable(name: str, found: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem(name, 0, 0, "", found, expected)])
