"""``Receiver``: a webhook that verifies, for tests of programs that deliver events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from flowsim.errors import SettingError
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.receiver import Receiver


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
