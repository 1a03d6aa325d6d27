"""``Receiver``: a webhook that verifies, for tests of programs that deliver events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from flowsim.errors import SettingError
from flowsim.testing import happenings
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.receiver import Receiver

from ..hostile.text import assert_harmless

HOSTILE_ID = "\x9b\xad\x85"
"""What a header may hold, and no terminal should get."""


@pytest.fixture
def running(keys: PublicKeys) -> Iterator[Receiver]:
    with Receiver(keys) as found:
        yield found


def test_the_receiver_verifies_and_keeps_deliveries(running: Receiver, sender: Flowsim) -> None:
    report = sender.replay("partial", running.url)
    (one,) = running.received
    assert report.ok
    assert (one.body, one.reception.verified, one.answered) == (report.events[0].body, True, 200)
    assert requests.post(running.url, data="{}", timeout=10).status_code == 401
    assert [each.reception.verified for each in running.received] == [True, False]
    running.clear()
    assert running.received == []


def test_the_receiver_answers_with_the_codes_of_respond(running: Receiver, sender: Flowsim) -> None:
    running.respond("503*2,204")
    assert sender.replay("partial", running.url).events[0].statuses == (503, 503, 204)
    with pytest.raises(SettingError, match="cannot answer 'never'"):
        running.respond("never")


def test_the_receiver_finds_keys_that_a_fault_has_renamed(
    running: Receiver, sender: Flowsim
) -> None:
    assert sender.replay("partial", running.url, faults="key-404-once").ok


def test_the_receiver_answers_a_challenge(running: Receiver) -> None:
    assert requests.get(running.url, {"challenge": "8ec8"}, timeout=10).text == "8ec8"


def test_a_request_is_looked_up_or_the_nearest_is_named(running: Receiver, sender: Flowsim) -> None:
    with pytest.raises(AssertionError, match="no request with status=200; there is no request at"):
        running.request(status=200)
    running.respond("503,200")
    (event,) = sender.replay("partial", running.url).events
    requests.post(running.url, data="{}", timeout=10)
    first, second, unsigned = running.received
    assert running.request("sources_flow_run_success", id=event.id, verified=True) is first
    assert (running.request(status=200), running.request(verified=False)) == (second, unsigned)
    with pytest.raises(AssertionError) as raised:
        running.request("sources_flow_run_failed", status=503)
    assert str(raised.value) == (
        "no request with code='sources_flow_run_failed', status=503; the nearest of 3 has "
        f"code='sources_flow_run_success' (id='{event.id}', status=503, verified=True)"
    )
    running.clear()
    requests.post(running.url, data="{}", timeout=10)
    with pytest.raises(AssertionError, match=r"has verified=False .*reason='.+'\)$"):
        running.request(verified=True)


def test_requests_are_shown_in_a_table(running: Receiver, sender: Flowsim) -> None:
    assert running.happened == "no request"
    running.respond("503,200")
    (event,) = sender.replay("partial", running.url).events
    requests.post(running.url, data="{}", headers={"x-adobe-event-id": HOSTILE_ID}, timeout=10)
    lines = running.happened.splitlines()
    assert [line.split()[:5] for line in lines[:4]] == [
        ["3", "requests"],
        ["event", "event", "code", "try", "answered"],
        [event.id[:8], event.code, "1", "503", "yes"],
        [event.id[:8], event.code, "2", "200", "yes"],
    ]
    assert_harmless(running.happened)
    for _ in range(happenings.MOST_ROWS):
        sender.replay("partial", running.url)
    assert running.happened.startswith("33 requests, the last 30\n")
