"""Captured requests: files and folders of flowsim's, and HTTP archives of other tools."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import SettingError, reason_of
from ..files import texts
from ..scenario import files as scenario_files
from . import har, http_file
from .capture import Capture, number_and_moment

ARCHIVE, REQUEST = ".har", ".http"


@dataclass(frozen=True, slots=True)
class Captures:
    """What was captured, in the order in which it came.

    ``others`` counts requests of an archive that are left out. ``folder`` is where public
    keys may lie beside it. ``unread`` has a sentence for each file of a folder, or request of
    an archive, that cannot be read.
    """

    name: str
    captures: tuple[Capture, ...]
    others: int
    folder: Path
    unread: tuple[str, ...] = ()


def are_at(name: str) -> bool:
    """Tell whether a name on the command line means captured requests.

    A shipped scenario is not hidden by a folder of its name; ``./partial`` is that folder.
    """
    try:
        is_file = Path(name).suffix.lower() in (ARCHIVE, REQUEST)
        is_folder = name != "" and Path(name).is_dir()
        return is_file or (is_folder and name not in scenario_files.shipped())
    except (OSError, ValueError):  # a name too long, or with a zero byte
        return False


def read(name: str, everything: bool = False) -> Captures:
    """Return what was captured in a file or a folder.

    Of an archive only deliveries are taken, unless ``everything`` is asked for. Raises
    ``SettingError`` with the place of what cannot be sent again, if nothing else can.
    """
    path = Path(name)
    with _explained(path):
        if path.is_dir():
            return _of_folder(name, path)
        if path.suffix.lower() == ARCHIVE:
            return _of_archive(path, everything)
        return Captures(name, tuple(_of_file(path)), 0, path.parent)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place, reason = error.filename or path, reason_of(error)
        raise SettingError(f"{place}: {reason}; expected captured requests") from None


def _of_folder(name: str, folder: Path) -> Captures:
    captures: list[Capture] = []
    unread: list[SettingError] = []
    for path in _files(folder):
        try:
            with _explained(path):
                captures += _of_file(path)
        except SettingError as error:
            unread.append(error)
    if not captures:
        raise unread[0]
    return Captures(name, tuple(captures), 0, folder, tuple(map(str, unread)))


def _files(folder: Path) -> list[Path]:
    """Return the files with requests, by moment and number where the names say them."""
    paths = sorted(folder.glob(f"*{REQUEST}"))
    if not paths and (files := scenario_files.files_in(folder)):
        found = "a folder with scenarios, and without captured requests"
        raise SettingError(f"{folder}: {found}; name its files, as in {files}")
    if not paths:
        expected = f"files such as flowsim receive --save makes, ending in {REQUEST}"
        raise SettingError(f"{folder}: no captured requests; expected {expected}")
    known = [(number_and_moment(path.stem), path) for path in paths]
    ordered = [(each[1], each[0], path) for each, path in known if each is not None]
    return [path for *_, path in sorted(ordered)] if len(ordered) == len(paths) else paths


def _of_file(path: Path) -> Iterator[Capture]:
    known = number_and_moment(path.stem)
    at = known[1] if known else None
    requests = _parsed(path)
    if not requests:
        raise SettingError(f"{path}: empty; expected an HTTP request")
    for number, request in enumerate(requests, 1):
        place = str(path) if len(requests) == 1 else f"{path}, request {number}"
        if request.method != "POST":
            raise SettingError(f"{place}: a {request.method}; expected a POST")
        yield Capture(place, at, request.headers, request.body, request.flaw)


def _parsed(path: Path) -> list[http_file.StoredRequest]:
    try:
        return list(http_file.parse(texts.without_mark(path.read_bytes())))
    except ValueError as error:
        raise SettingError(f"{path}: {error}") from None


def _of_archive(path: Path, everything: bool) -> Captures:
    try:
        archive = har.read(path.read_bytes(), everything)
    except ValueError as error:
        raise SettingError(f"{path}: {error}") from None
    if not archive.captures:
        wanted = "POST" if everything else f"POST with a header {har.ADOBE}…"
        hint = "" if everything else "; --all takes every POST"
        raise SettingError(f"{path}: no {wanted} among {archive.others} requests{hint}")
    captures = (replace(each, place=f"{path}: {each.place}") for each in archive.captures)
    unread = tuple(f"{path}: {each}" for each in archive.unread)
    return Captures(str(path), tuple(captures), archive.others, path.parent, unread)
