"""What the key host of a replay answers, with faults and without."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from flowsim.core.signature import KEY_PATH, FindKey, key_path
from flowsim.delivery.key_answers import KeyAnswers
from flowsim.errors import SettingError
from flowsim.installation import keys, settings
from flowsim.installation.key_sources import find_key
from flowsim.receiver.application import create as create_receiver
from flowsim.receiver.key_host import create
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.replay.run import ReplayOptions, run
from flowsim.reports.format_table import ReplayOutput
from flowsim.reports.formats.json import JsonLines
from flowsim.story.opening import open_story
from flowsim.web.server import Server

from .. import free_ports
from ..faults.way import events_of, key_answers, way_of
from ..webhook import Webhook


def renamed(*named: str | tuple[str, Any]) -> tuple[KeyAnswers, tuple[str, str]]:
    """Return a key host's answers, and the key paths of an event that suffers faults."""
    answers = key_answers()
    (signed,) = way_of(events_of(), *named).signed
    return answers, answers.rename(signed).key_paths


@pytest.fixture
def served() -> Iterator[Callable[[KeyAnswers], str]]:
    """Serve answers on a free port; returns where."""
    servers = []

    def serve(answers: KeyAnswers) -> str:
        servers.append(Server(create(answers.pem), "127.0.0.1", 0))
        return f"http://127.0.0.1:{servers[-1].port}"

    yield serve
    for server in servers:
        server.close()


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def own(number: int) -> bytes:
    return keys.load(settings.keys_folder())[number - 1].public_pem


def test_the_keys_of_flowsim_are_at_their_usual_paths() -> None:
    answers = key_answers()
    for number, key in enumerate(keys.load(settings.keys_folder()), 1):
        assert answers.pem(key_path(key.name)) == own(number)
    for path in ("/", "/prod/keys/pub-key-0000000000.pem", "/prod/keys/../../signing-1.pem"):
        with pytest.raises(LookupError):
            answers.pem(path)


def test_renamed_keys_are_the_same_keys_at_paths_of_the_usual_form() -> None:
    answers, paths = renamed("keys-renamed")
    assert [answers.pem(path) for path in paths] == [own(1), own(2)]
    assert all(KEY_PATH.fullmatch(path) for path in paths)
    assert {*paths}.isdisjoint(key_path(key.name) for key in keys.load(settings.keys_folder()))


def test_events_with_the_same_faults_of_keys_share_their_paths() -> None:
    """So a consumer that keeps keys asks once, and one that does not is found out."""
    answers = key_answers()
    (one,), (other,) = (way_of(events_of(seed=n), "key-404-once").signed for n in (1, 2))
    (third,) = way_of(events_of(seed=3), ("key-404-once", 1)).signed
    assert answers.rename(one).key_paths == answers.rename(other).key_paths
    assert answers.rename(third).key_paths != answers.rename(one).key_paths


def test_a_404_is_the_first_answer_only(served: Callable[[KeyAnswers], str]) -> None:
    answers, (first, second) = renamed("key-404-once")
    host = served(answers)
    assert get(host + first) == (404, b"no such key\n")
    assert get(host + first) == (200, own(1))
    assert get(host + second) == (404, b"no such key\n")
    assert get(host + second) == (200, own(2))


def test_a_key_host_that_was_down_is_up_once_its_outages_end(
    served: Callable[[KeyAnswers], str],
) -> None:
    answers, (first, second) = renamed(("key-host-down", 1000))
    host = served(answers)
    assert [get(host + path)[0] for path in (first, second, first)] == [503] * 3
    answers.end_outages()
    assert [get(host + path) for path in (first, second)] == [(200, own(1)), (200, own(2))]


@pytest.mark.parametrize(
    ("fault", "first", "second"),
    [
        ("key-missing", (404, b"no such key"), (200, b"-----BEGIN")),
        (("key-missing", 2), (200, b"-----BEGIN"), (404, b"no such key")),
        ("key-garbage", (200, b"<!DOCTYPE html>"), (200, b"-----BEGIN")),
        (("key-404-once", 2), (200, b"-----BEGIN"), (404, b"no such key")),
        ("key-host-down", (503, b"no answer for the moment"), (503, b"no answer for the moment")),
        (("slow-key-host", 0.01), (200, b"-----BEGIN"), (200, b"-----BEGIN")),
    ],
)
def test_each_key_is_answered_as_its_fault_says(
    served: Callable[[KeyAnswers], str], fault: Any, first: Any, second: Any
) -> None:
    answers, paths = renamed(fault)
    host = served(answers)
    for path, (status, beginning) in zip(paths, (first, second), strict=True):
        code, body = get(host + path)
        assert (code, body[: len(beginning)]) == (status, beginning)


def test_a_pem_with_cr_lf_is_still_the_key() -> None:
    answers, paths = renamed(("key-crlf", 1))
    first, second = map(answers.pem, paths)
    assert (first.count(b"\r\n"), second.count(b"\r\n")) == (own(1).count(b"\n"), 0)
    assert load_pem_public_key(first) == load_pem_public_key(own(1))


@pytest.mark.parametrize("path", ["/evil/keys/pub-key-AAAAAAAAAA.pem", "/evil/keys/k.pem"])
def test_a_foreign_key_is_served_where_tricks_lead(
    served: Callable[[KeyAnswers], str], path: str
) -> None:
    code, body = get(served(key_answers()) + path)
    assert code == 200
    assert body not in (own(1), own(2))
    assert load_pem_public_key(body)


def test_two_threads_that_ask_at_once_get_one_404() -> None:
    answers, (path, _) = renamed("key-404-once")
    found: list[bool] = []

    def ask() -> None:
        try:
            found.append(bool(answers.pem(path)))
        except LookupError:
            found.append(False)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(False) == 1


# The key host of a replay, and a webhook that fetches its keys there.


@pytest.fixture
def free_port() -> int:
    return free_ports.free_port()


def replay(name: str, url: str, *, fresh: bool = False, **options: Any) -> bool:
    lines: list[str] = []
    story = open_story(name, fresh=fresh)
    report = JsonLines(ReplayOutput(lines.append, lines.append))
    return run([story], ReplayOptions(target=url, **options), report).ok


@pytest.mark.parametrize("name", ["faults-of-keys", "faults-rejected"])
def test_a_webhook_that_fetches_its_keys_there_comes_out_right(name: str, free_port: int) -> None:
    """``flowsim receive --keys URL`` is a correct consumer with a key cache of its own."""
    find: FindKey = find_key(f"http://127.0.0.1:{free_port}")
    options = ReceiverOptions(client_id="0123456789abcdef0123456789abcdef")
    with Server(create_receiver(ReceivingStub(find, options)), "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.port}/hook"
        assert replay(name, url, serve_keys=free_port)


def test_a_repeated_story_has_the_same_key_names_unless_fresh(free_port: int) -> None:
    """So a webhook that keeps keys sees faults of the key host again with ``--fresh`` only."""
    asked: list[str] = []

    def find(path: str) -> RSAPublicKey:
        asked.append(path)
        return find_at_host(path)

    find_at_host = find_key(f"http://127.0.0.1:{free_port}")
    with Server(create_receiver(ReceivingStub(find, ReceiverOptions())), "127.0.0.1", 0) as server:
        stories = []
        for is_fresh in (False, False, True):
            url = f"http://127.0.0.1:{server.port}/hook"
            replay("faults-of-keys", url, fresh=is_fresh, serve_keys=free_port)
            stories.append({*asked})
            asked.clear()
    first, again, fresh = stories
    assert first == again
    assert first.isdisjoint(fresh)


def test_a_fault_of_the_key_host_needs_a_key_host(webhook: Webhook) -> None:
    with pytest.raises(SettingError, match=r"faults-of-keys: .* add --serve-keys 4020"):
        replay("faults-of-keys", webhook.url)
    assert webhook.requests == []


def test_other_keys_have_other_paths_for_the_same_event(own_home: Path) -> None:  # noqa: ARG001
    """A consumer that caches keys by their path fetches the new ones after a rotation."""
    answers, (first, second) = renamed("keys-renamed")
    keys.rotate(settings.keys_folder(), 1)
    _, (new, same) = renamed("keys-renamed")
    assert (new != first, same) == (True, second)
    assert load_pem_public_key(answers.pem(first)) != load_pem_public_key(own(1))
