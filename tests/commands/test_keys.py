"""``flowsim keys``: the two signing keys as a user sees them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import requests
from click.testing import Result
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from flowsim.commands import main
from flowsim.installation import keys, settings

from .forked import Forked
from .test_receive import receiving

Flowsim = Callable[..., Result]

LINE = re.compile(r"([12]) (/prod/keys/(pub-key-[0-9A-Za-z]{10})\.pem)(?: (.*))?")


def names(result: Result) -> list[str]:
    """Return the key names in a list of keys."""
    assert (result.exit_code, result.stderr) == (0, "")
    return [LINE.fullmatch(line)[3] for line in result.stdout.splitlines()]  # type: ignore[index]


def test_show_makes_the_keys_at_first_use_and_says_where_they_are(
    flowsim: Flowsim, own_home: Path
) -> None:
    result = flowsim("keys", "show")
    found = [LINE.fullmatch(line) for line in result.stdout.splitlines()]
    assert [match and match[1] for match in found] == ["1", "2"]
    for match in found:
        assert match
        assert Path(match[4]) == own_home / "keys" / "public" / f"{match[3]}.pem"
        load_pem_public_key(Path(match[4]).read_bytes())
    private = sorted((own_home / "keys").glob("*.pem"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o600, 0o600]
    assert flowsim("keys", "show").stdout == result.stdout


def test_pem_prints_the_two_public_keys_and_nothing_else(flowsim: Flowsim) -> None:
    result = flowsim("keys", "show", "--pem")
    pem = r"-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n"
    assert re.fullmatch(f"({pem}){{2}}", result.stdout)
    paths = [line.split(" ", 2)[2] for line in flowsim("keys", "show").stdout.splitlines()]
    assert result.stdout == "".join(Path(path).read_text() for path in paths)


@pytest.mark.parametrize(("argument", "stays"), [("1", [1]), ("2", [0]), (None, [])])
def test_rotate_replaces_the_named_key_or_both(
    flowsim: Flowsim, own_keys: Path, argument: str | None, stays: list[int]
) -> None:
    before = names(flowsim("keys", "show"))
    result = flowsim("keys", "rotate", *([argument] if argument else []))
    after = names(flowsim("keys", "show"))
    assert [place for place in (0, 1) if before[place] == after[place]] == stays
    assert names(result) == [after[place] for place in (0, 1) if place not in stays]
    public = {path.stem for path in (own_keys / "keys" / "public").iterdir()}
    assert public >= {*before, *after}


@pytest.mark.usefixtures("own_keys")
def test_a_replay_after_a_rotation_is_verified_with_the_new_keys(
    flowsim: Flowsim,
) -> None:
    flowsim("keys", "rotate")
    shown = flowsim("show", "partial", "--as", "http").stdout
    assert all(f"/prod/keys/{name}.pem" in shown for name in names(flowsim("keys", "show")))
    assert flowsim("replay", "partial").exit_code == 0


@pytest.mark.parametrize("argument", ["0", "3", "both"])
def test_only_keys_1_and_2_can_be_rotated(flowsim: Flowsim, argument: str) -> None:
    before = flowsim("keys", "show").stdout
    result = flowsim("keys", "rotate", argument)
    assert (result.exit_code, result.stdout) == (2, "")
    assert flowsim("keys", "show").stdout == before


def test_an_impossible_home_is_reported_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    homes = {file: f"{file}: not a folder", file / "home": "a part of its path is not a folder"}
    for home, reason in homes.items():
        monkeypatch.setenv("FLOWSIM_HOME", str(home))
        for command in (("keys", "show"), ("keys", "rotate"), ("replay", "partial"), ("receive",)):
            result = flowsim(*command)
            (sentence,) = result.stderr.splitlines()
            assert (result.exit_code, result.stdout) == (2, "")
            assert f"{reason}; set FLOWSIM_HOME to a folder of yours" in sentence


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such folder here")
def test_a_home_that_cannot_be_written_is_reported_in_one_sentence(
    flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWSIM_HOME", "/proc/self/flowsim")
    result = flowsim("keys", "show").stderr
    assert result.startswith("error: /proc/self/flowsim: ")
    assert result.endswith("; set FLOWSIM_HOME to a folder of yours\n")


def test_a_file_in_place_of_the_keys_is_reported_in_one_sentence(
    flowsim: Flowsim, own_home: Path
) -> None:
    own_home.mkdir()
    (own_home / "keys").touch()
    result = flowsim("keys", "show").stderr
    assert (
        result == f"error: {own_home}/keys: not a folder; set FLOWSIM_HOME to a folder of yours\n"
    )


def test_a_user_without_a_home_gets_one_sentence(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No HOME, and a number of a user that the system does not know, as in containers."""
    for name in ("FLOWSIM_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    result = flowsim("keys", "show")
    assert (result.exit_code, [*tmp_path.iterdir()]) == (2, [])
    assert result.stderr == (
        "error: no home folder is known; set FLOWSIM_HOME to a folder of yours\n"
    )


# serve


@contextlib.contextmanager
def serving(*words: str, home: Path) -> Iterator[tuple[Forked, dict[str, Any]]]:
    """Run ``flowsim keys serve --json`` as a process, and yield it with its ready line."""
    keys.load(settings.keys_folder())
    shutil.copytree(settings.keys_folder(), home / "keys", dirs_exist_ok=True)
    command = ("keys", "serve", "--json", "--port", "0", *words)
    with Forked(*command, environment=os.environ | {"FLOWSIM_HOME": str(home)}) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.usefixtures("shared_home")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_each_request_until_a_signal(
    flowsim: Flowsim, tmp_path: Path, number: signal.Signals
) -> None:
    pems = flowsim("keys", "show", "--pem").stdout
    with serving(home=tmp_path) as (process, ready):
        url, paths = ready["url"], ready["keys"]
        assert "".join(requests.get(url + path, timeout=10).text for path in paths) == pems
        assert requests.get(f"{url}/prod/keys/none.pem", timeout=10).status_code == 404
        foreign = requests.get(url + paths[0], headers={"host": "evil.example"}, timeout=10)
        assert foreign.status_code == 421
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    asked = [(each["path"], each["status_code"]) for each in map(json.loads, out.splitlines())]
    assert asked == [(paths[0], 200), (paths[1], 200), ("/prod/keys/none.pem", 404)]
    warning, last = err.splitlines()
    assert "no host 'evil.example' is served here; add --name evil.example" in warning
    assert (process.returncode, last) == (0, "stopped")


@pytest.mark.usefixtures("shared_home")
def test_serve_has_rotated_keys_and_speaks_https(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--tls-port", "0", "--name", "keys.example")
    with serving(*words, home=tmp_path) as (_, ready):
        monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path))
        (line,) = flowsim("keys", "rotate", "1").stdout.splitlines()
        path = line.split()[1]
        where = f"https://localhost:{ready['tls_port']}{path}"
        authority = tmp_path / "authority" / "authority.pem"
        named = {"host": "keys.example"}
        answer = requests.get(where, verify=str(authority), headers=named, timeout=10)
        assert answer.text in flowsim("keys", "show", "--pem").stdout


@pytest.mark.usefixtures("shared_home")
def test_a_webhook_verifies_with_the_keys_that_are_served(flowsim: Flowsim, tmp_path: Path) -> None:
    with serving(home=tmp_path) as (_, ready), receiving("--keys", ready["url"]) as stub:
        assert flowsim("replay", "partial", "--target", stub.port).exit_code == 0
        assert "[200] verified · success, " in stub.lines(1)[0]


def default_port(name: str, *words: str) -> object:
    parent = click.Context(main, **main.context_settings)
    command = main.get_command(parent, name)
    assert command
    if isinstance(command, click.Group):
        (word,) = words
        command, words = command.commands[word], ()
    given = command.make_context(name, [*words], parent).params
    return given[next(each for each in ("keys_port", "serve_keys", "port") if each in given)]


def test_one_port_serves_keys_in_every_command() -> None:
    for words in (("check",), ("replay", "partial", "--serve-keys"), ("keys", "serve")):
        assert default_port(*words) == 4020


def test_serve_says_in_one_sentence_that_its_port_is_taken(flowsim: Flowsim) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = flowsim("keys", "serve", "--port", taken.getsockname()[1])
    assert (result.exit_code, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert "cannot listen on 127.0.0.1:" in sentence
