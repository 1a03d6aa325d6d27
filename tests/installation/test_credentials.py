"""The file from which commands read the token of a service."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flowsim.errors import SettingError
from flowsim.installation import credentials

VALUES = {"FLOWSIM_SERVICE": "http://127.0.0.1:4010", "FLOWSIM_TOKEN": "flowsim.a=b"}


def test_only_the_owner_can_read_the_file_of_a_running_service(
    own_home: Path,
) -> None:
    with credentials.written(4010, VALUES) as path:
        assert path == own_home / "services" / "4010.env"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        lines = path.read_text().splitlines()
        assert lines == [f"{name}={value}" for name, value in VALUES.items()]
    assert not path.exists()


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("http://127.0.0.1:4010", "flowsim.a=b"),
        ("http://localhost:4010", "flowsim.a=b"),
        ("http://[::1]:4010", "flowsim.a=b"),
        ("http://0.0.0.0:4010", "flowsim.a=b"),
        ("http://[::ffff:127.0.0.1]:4010", "flowsim.a=b"),
        ("http://[::ffff:0.0.0.0]:4010", "flowsim.a=b"),
        ("http://127.0.0.1:4011", None),
        ("http://elsewhere.example:4010", None),
        ("http://10.0.0.1:4010", None),
    ],
)
@pytest.mark.usefixtures("own_home")
def test_the_token_of_a_service_is_sent_to_that_service_only(
    address: str, token: str | None
) -> None:
    with credentials.written(4010, VALUES):
        assert credentials.token_for(address) == token


@pytest.mark.usefixtures("own_home")
def test_a_token_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWSIM_TOKEN", "mine")
    with credentials.written(4010, VALUES):
        assert credentials.token_for("http://127.0.0.1:4010") == "mine"
        assert credentials.token_for("http://elsewhere.example") == "mine"


def test_the_file_of_a_killed_service_is_not_read_and_is_removed(
    own_home: Path,
) -> None:
    """Another program may listen on that port by now, and would be sent the token."""
    program = """
import os, signal
from flowsim.installation import credentials
with credentials.written(4010, {"FLOWSIM_TOKEN": "flowsim.a=b"}):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program], check=False)
    left = own_home / "services" / "4010.env"
    assert killed.returncode == -signal.SIGKILL
    assert "flowsim.a=b" in left.read_text()
    assert credentials.token_for("http://127.0.0.1:4010") is None
    with credentials.written(4011, VALUES):
        assert credentials.token_for("http://127.0.0.1:4011") == "flowsim.a=b"
        assert not left.exists()


@pytest.mark.usefixtures("own_home")
def test_a_service_does_not_remove_the_file_of_a_later_one() -> None:
    """They have the same port on two addresses of this machine."""
    with credentials.written(4010, VALUES):
        later = credentials.written(4010, {"FLOWSIM_TOKEN": "later"})
        path = later.__enter__()
    assert credentials.token_for("http://127.0.0.1:4010") == "later"
    later.__exit__(None, None, None)
    assert not path.exists()


def test_a_file_that_is_damaged_holds_no_token(own_home: Path) -> None:
    for content in (b"", b"\xff\xfe", b"FLOWSIM_TOKENS=1\n"):
        (own_home / "services").mkdir(parents=True, exist_ok=True)
        (own_home / "services" / "80.env").write_bytes(content)
        assert credentials.token_for("http://127.0.0.1") is None


def test_a_folder_that_cannot_be_written_is_named(own_home: Path) -> None:
    own_home.write_text("a file")
    with pytest.raises(SettingError, match="set FLOWSIM_HOME"), credentials.written(4010, VALUES):
        pass
