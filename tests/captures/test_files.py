"""A folder in which captured requests are kept."""

from __future__ import annotations

import re
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.files import RequestFolder, file_name, number_and_moment
from flowsim.core.instant import whole_ms
from flowsim.errors import SettingError

from ..cases import for_each

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_request_is_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "kept"
    RequestFolder(folder).keep(b"\xff\r\n", AT, "e1")
    (path,) = folder.iterdir()
    assert (path.name, path.read_bytes()) == ("000001-20260115T093000.000Z-e1.http", b"\xff\r\n")
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_numbers_go_on_where_an_earlier_capture_ended(tmp_path: Path) -> None:
    for number in range(2):
        RequestFolder(tmp_path).keep(b"", AT + timedelta(seconds=number), "e")
    (tmp_path / "by-hand.http").write_bytes(b"")
    RequestFolder(tmp_path).keep(b"", AT, "../e")
    assert [name[:6] for name in names(tmp_path)] == ["000001", "000002", "000003", "by-han"]


def test_requests_of_many_threads_are_all_kept(tmp_path: Path) -> None:
    folder = RequestFolder(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: folder.keep(b"%d" % number, AT, "e"), range(100)))
    contents = sorted(int(path.read_bytes()) for path in tmp_path.iterdir())
    assert (contents, len(names(tmp_path))) == (list(range(100)), 100)


def test_an_impossible_folder_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match=r"cannot save to .*file: not a folder"):
        RequestFolder(tmp_path / "file")
    folder = RequestFolder(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(SettingError, match=r"cannot save to .*gone: no such file or directory"):
        folder.keep(b"", AT, "e")


def test_a_file_that_cannot_be_written_whole_is_removed(tmp_path: Path) -> None:
    """Half a request would use space that others need."""
    folder, (soft, hard) = RequestFolder(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(SettingError, match=r"cannot save to .*: file too large"):
            folder.keep(bytes(1000), AT, "e")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == []


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


@given(st.integers(1, 10**7), MOMENTS, st.text())
def test_a_file_name_has_number_moment_and_event_id(number: int, at: datetime, id_: str) -> None:
    name = file_name(number, at, id_)
    assert re.fullmatch(r"[0-9A-Za-z._-]{28,160}", name)
    assert number_and_moment(name) == (number, whole_ms(at))


def test_names_sort_by_arrival_and_stay_in_the_folder() -> None:
    at = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    names = [file_name(number, at, "../../é") for number in (9, 10, 11)]
    assert names == sorted(names)
    assert names[0] == "000009-20260115T093000.000Z-.._..__"
    assert file_name(1, at, "") == "000001-20260115T093000.000Z-no-event-id"


@for_each(
    "name", ["", "a", "000001-e4d8", "000001-20261315T093000.000Z-a", "1-20260115T093000.000Z-a"]
)
def test_other_names_have_no_number_and_moment(name: str) -> None:
    assert number_and_moment(name) is None
