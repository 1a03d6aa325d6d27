"""Scenario files: found by path or name, and read with any content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.errors import FlowsimError, ScenarioError, SettingError
from flowsim.files.document import Document
from flowsim.files.text_files import LARGEST
from flowsim.files.yaml_documents import parse_text
from flowsim.scenario.amendment import Change
from flowsim.scenario.files import find, read, shipped
from flowsim.story.opening import open_story

from ..cases import for_each
from ..files.yaml_like import YAML_LIKE
from ..fixtures import SCENARIOS

# Where it is found


def test_the_shipped_scenarios_are_the_files_of_the_folder() -> None:
    assert shipped() == {path.stem: path for path in sorted(SCENARIOS.glob("*.yaml"))}


def test_a_shipped_scenario_is_found_by_name_and_a_file_by_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("events: []")
    assert find("partial") == SCENARIOS / "partial.yaml"
    assert find(str(file)) == file


def test_a_file_in_the_current_folder_comes_before_a_shipped_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "partial").write_text("events: []")
    assert read("partial").value == {"events": []}


def test_a_folder_does_not_hide_the_shipped_scenario_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "success").mkdir()
    assert find("success") == SCENARIOS / "success.yaml"


@pytest.mark.slow
@for_each("name", shipped())
def test_a_shipped_scenario_is_parsed_once_and_never_changed(name: str) -> None:
    """The second time it is the same document; faults of its events do not change it."""
    before = read(name)
    fresh = parse_text(find(name).read_text("utf-8"), before.file)
    changes = [Change("faults", ["unknown-event-code", "tampered-body"], "a test")]
    assert list(open_story(name).payloads())
    assert list(open_story(name, changes).payloads())
    assert read(name) is before
    assert before == fresh


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    for text, value in (("seed: 1", 1), ("seed: 2", 2)):
        file.write_text(text)
        assert read(str(file)).value == {"seed": value}


@for_each(
    ("name", "message"),
    [
        ("partal", "no scenario, file or event code 'partal'; did you mean partial?"),
        ("sucess.yaml", "no scenario, file or event code 'sucess.yaml'; did you mean success?"),
        (
            "zzzz",
            "no scenario, file or event code 'zzzz'; expected a name of `flowsim scenarios`, or an "
            "event code of `flowsim events`",
        ),
        ("a/b\0c", "no scenario, file or event code 'a/b\\x00c'; expected a name of "),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(name: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        read(name)
    assert str(caught.value).startswith(message)


def test_a_name_too_long_for_a_file_is_a_wrong_name() -> None:
    with pytest.raises(SettingError):
        read("a" * 5000)


def test_a_folder_is_refused_and_its_scenario_files_are_named(tmp_path: Path) -> None:
    for file, hint in (("a.txt", ""), ("a.yml", f"; name its files, as in {tmp_path}/*.yml")):
        (tmp_path / file).touch()
        with pytest.raises(SettingError) as caught:
            read(str(tmp_path))
        assert str(caught.value) == f"{tmp_path}: a folder; expected a scenario file{hint}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.touch(0o000)
    with pytest.raises(SettingError) as caught:
        read(str(path))
    assert str(caught.value) == f"{path}: permission denied; expected a scenario file"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no such file here")
def test_a_file_is_refused_if_reading_it_fails() -> None:
    with pytest.raises(SettingError) as caught:
        read("/proc/self/mem")
    assert str(caught.value) == "/proc/self/mem: input/output error; expected a scenario file"


# Which bytes

AS_UTF_8 = "expected text in UTF-8 (save it as UTF-8 in an editor, or with iconv -f {} -t UTF-8)"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"a: \xff\n", "1:4: byte 0xff; expected text in UTF-8"),
        (b"a: 1\nb: \xc3", "2:4: byte 0xc3; expected text in UTF-8"),
        (b"a: \xed\xa0\x80", "1:4: byte 0xed; expected text in UTF-8"),
        ("a: é".encode("latin-1"), "1:4: byte 0xe9; expected text in UTF-8"),
        ("a: 1".encode("utf-16"), f"1:1: text in UTF-16; {AS_UTF_8.format('UTF-16')}"),
        ("a: 1".encode("utf-16-be"), f"1:1: text in UTF-16; {AS_UTF_8.format('UTF-16')}"),
        ("a: 1".encode("utf-32"), f"1:1: text in UTF-32; {AS_UTF_8.format('UTF-32')}"),
        ("é: ".encode() + b"\xff", "1:4: byte 0xff; expected text in UTF-8"),
        (b"\xef\xbb\xbfa: \xfe", "1:4: byte 0xfe; expected text in UTF-8"),
        (b"\xef\xbb\xbf\xfe", "1:1: byte 0xfe; expected text in UTF-8"),
        (b" " * (LARGEST + 1), "1:1: a file above 16 MiB; expected a smaller file"),
    ],
    ids=[
        "ff",
        "cut",
        "surrogate",
        "latin-1",
        "utf-16",
        "utf-16 without a mark",
        "utf-32",
        "after é",
        "after the mark",
        "just after the mark",
        "large",
    ],
)
def test_bytes_that_are_not_a_scenario_are_refused(
    tmp_path: Path, raw: bytes, message: str
) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(raw)
    with pytest.raises(ScenarioError) as caught:
        read(str(path))
    assert str(caught.value) == f"{path}:{message}"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("é: 1", encoding="utf-8-sig")
    assert read(str(path)).value == {"é": 1}


# Any bytes at all


def is_document_or_refused(name: str) -> bool:
    try:
        return isinstance(read(name), Document)
    except FlowsimError as error:
        return bool(str(error))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "any.yaml"


@settings(deadline=None)
@given(st.binary() | YAML_LIKE.map(lambda text: text.encode()))
def test_any_bytes_are_a_document_or_a_flowsim_error(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)
    assert is_document_or_refused(str(file))


@settings(deadline=None)
@given(st.text())
def test_any_name_is_a_document_or_a_flowsim_error(name: str) -> None:
    assert name == "-" or is_document_or_refused(name)
