"""Captured requests on disk: files and folders of flowsim, and HTTP archives of other tools."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..core.printable import count
from ..core.system_reasons import folder_reason, reason_of
from ..errors import SettingError
from ..files import text_files, texts
from ..installation import own_files
from ..scenario import files as scenario_files
from . import har, http_file
from .capture import Capture

ARCHIVE, REQUEST = ".har", ".http"

_NAME = re.compile(r"(\d{6,})-(\d{8}T\d{6})\.(\d{3})Z-.*")
_MOMENT = "%Y%m%dT%H%M%S"
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Captures:
    """Captured requests in the order in which they came.

    ``others`` counts requests of an archive that are left out. ``folder`` may hold public keys.
    ``unread`` has a sentence for each file of a folder, or request of an archive, that cannot be
    read.
    """

    name: str
    captures: tuple[Capture, ...]
    others: int
    folder: Path
    unread: tuple[str, ...] = ()


def are_at(name: str) -> bool:
    """Tell whether a name on the command line means captured requests.

    The name of a shipped scenario means the scenario, even if there is such a folder; ``./partial``
    means the folder.
    """
    path = Path(name)
    is_folder = name != "" and text_files.is_at(path, Path.is_dir)
    is_file = path.suffix.lower() in (ARCHIVE, REQUEST)
    return is_file or (is_folder and name not in scenario_files.shipped())


def read(name: str, everything: bool = False) -> Captures:
    """Return the captured requests in a file or a folder.

    Of an archive only deliveries are returned, unless ``everything`` is set. Raises
    ``SettingError`` with the first place that cannot be read, if no request can be.
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
    """Return the files with requests, sorted by moment and number if all names have them."""
    paths = sorted(folder.glob(f"*{REQUEST}"))
    if not paths and (files := text_files.files_in(folder)):
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
        raise SettingError(f"{path}: no {wanted} among {count(archive.others, 'request')}{hint}")
    captures = (replace(each, place=f"{path}: {each.place}") for each in archive.captures)
    unread = tuple(f"{path}: {each}" for each in archive.unread)
    return Captures(str(path), tuple(captures), archive.others, path.parent, unread)


class RequestFolder:
    """Writes each request whole, into a file that its owner alone may read.

    Payloads may be confidential, and a signed one can be sent again. Names sort by arrival; in
    a folder with earlier requests, numbers go on behind theirs. Any thread may keep a request.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            known = (number_and_moment(path.stem) for path in folder.glob(f"*{REQUEST}"))
            self._count = max((each[0] for each in known if each), default=0)

    def keep(self, request: bytes, at: datetime, event_id: str) -> None:
        """Write a request that came at a moment; raises ``SettingError`` if that fails."""
        with self._lock:
            self._count += 1
            name = file_name(self._count, at, event_id)
        with self._explained():
            own_files.write(self._folder / f"{name}{REQUEST}", request, 0o600)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = folder_reason(error)
            raise SettingError(f"cannot save to {self._folder}: {reason}") from None


def file_name(number: int, at: datetime, event_id: str) -> str:
    """Return the name of a request's file, without its ending.

    The number comes first, then the moment, so names sort by arrival. In the event id, ``_``
    replaces characters that are not safe in a name.
    """
    plain = re.sub(r"[^0-9A-Za-z._-]", "_", event_id)[:_LONGEST_ID]
    return f"{number:06}-{at:{_MOMENT}}.{at.microsecond // 1000:03}Z-{plain or 'no-event-id'}"


def number_and_moment(name: str) -> tuple[int, datetime] | None:
    """Return number and moment from a name that ``file_name`` made; ``None`` for another name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found[2], _MOMENT)
    except ValueError:
        return None
    return int(found[1]), moment.replace(microsecond=int(found[3]) * 1000, tzinfo=UTC)
