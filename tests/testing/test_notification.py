"""Signed requests for tests of a consumer's parts, and their public keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
import requests

from flowsim.core.signature import verify
from flowsim.errors import FlowsimError
from flowsim.installation.key_sources import find_key
from flowsim.installation.keys import parse_public
from flowsim.testing.flowsim import Flowsim

from .consumer import create_app, runs


def test_a_notification_is_what_a_replay_sends(sender: Flowsim) -> None:
    def app(environ: object, start_response: Callable[..., object]) -> list[bytes]:  # noqa: ARG001
        start_response("200 OK", [])
        return []

    sent = sender.replay("failure-copy", app).attempts[0]
    (one,) = sender.notifications("failure-copy")
    assert (one.headers, one.body, one.json) == (sent.headers, sent.body, sent.json)
    assert (one.event_id, one.event_code) == (sent.event_ids[0], "sources_flow_run_failed")


def test_the_verification_of_a_consumer_accepts_it(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    app = create_app(database, sender.public_key)
    (one,) = sender.notifications("partial")
    client = app.test_client()
    assert client.post("/hook", data=one.body, headers=one.headers).status_code == 200
    assert client.post("/hook", data=one.body + b" ", headers=one.headers).status_code == 401


def test_a_notification_can_be_of_another_story(sender: Flowsim) -> None:
    changed = {"flow_run.records.failed": 60}
    (one,) = sender.notifications("partial", set=changed, client_id="f" * 32, seed=11)
    assert one.event_code == "sources_flow_run_failed"
    assert one.json[0]["recipientclientid"] == "f" * 32
    with pytest.raises(FlowsimError, match="did you mean partial"):
        sender.notifications("partail")


def test_a_batch_is_one_notification_of_several_events(sender: Flowsim) -> None:
    first, *_ = sender.notifications("batch")
    assert len(first.event_ids) == len(first.json) == 20


def test_faults_change_a_notification_as_on_the_first_attempt(sender: Flowsim) -> None:
    (one,) = sender.notifications("partial", faults="tampered-body")
    with pytest.raises(FlowsimError):
        verify(one.body, one.headers, find_key(None))
    assert len(sender.notifications("partial", faults="duplicate")) == 2


def test_both_keys_are_known_by_their_paths(sender: Flowsim) -> None:
    (one,) = sender.notifications("partial")
    paths = [one.headers[f"x-adobe-public-key{number}-path"] for number in (1, 2)]
    assert [*sender.public_keys] == paths
    verify(one.body, one.headers, lambda path: parse_public(sender.public_key(path)))
    whole = f"https://static.adobeioevents.com{paths[0]}"
    assert sender.public_key(whole) == sender.public_keys[paths[0]]
    assert sender.public_key(sender.key_host + paths[0]) == sender.public_keys[paths[0]]
    for stranger in (
        "/prod/keys/pub-key-0000000000.pem",
        f"https://evil.example{paths[0]}",
        f"//static.adobeioevents.com{paths[0]}",
    ):
        with pytest.raises(LookupError, match=f"no key at {stranger}, .* 404; expected "):
            sender.public_key(stranger)


def test_keys_are_served_by_a_key_host(sender: Flowsim) -> None:
    (path, pem), _ = sender.public_keys.items()
    assert sender.key_host == sender.key_host
    assert requests.get(sender.key_host + path, timeout=10).content == pem
    missing = requests.get(f"{sender.key_host}/prod/keys/pub-key-0000000000.pem", timeout=10)
    assert missing.status_code == 404


def test_faults_of_the_key_host_act_on_keys_looked_up_in_process(
    sender: Flowsim, database: sqlite3.Connection
) -> None:
    app = create_app(database, sender.public_key)
    report = sender.replay("partial", app, path="/hook", faults="key-404-once")
    assert report.events[0].statuses == (500, 200)
    assert runs(database) == [("success", 30)]


def test_a_key_host_that_is_down_is_no_missing_key(sender: Flowsim) -> None:
    raised: list[type[Exception]] = []

    def app(environ: dict[str, str], start_response: Callable[..., object]) -> list[bytes]:
        try:
            sender.public_key(environ["HTTP_X_ADOBE_PUBLIC_KEY1_PATH"])
        except (LookupError, ConnectionError) as error:
            raised.append(type(error))
            start_response("503 Later", [])
            return [b"no key now"]
        start_response("204 Taken", [])
        return []

    for fault in ("key-host-down", "key-404-once"):
        report = sender.replay("partial", app, path="/hook", faults=fault, fresh=True)
        assert report.events[0].statuses == (503, 204)
    assert raised == [ConnectionError, LookupError]
