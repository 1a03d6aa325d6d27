"""Faults of how one attempt is written to the socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.core.delivery import attempt
from flowsim.core.wire import Wire, of_attempt

from ..webhook import Webhook
from .replaying import Flowsim, over_socket, to_receiver
from .way import FixedChance, events_of, way_of


def wires(fault: str | tuple[str, object], attempts: int = 3) -> list[Wire | None]:
    (delivery,) = way_of(events_of(), fault).deliveries
    return [
        of_attempt(attempt(delivery, number, FixedChance())) for number in range(1, attempts + 1)
    ]


@pytest.mark.parametrize("fault", ["duplicate", "header-case", "tampered-body"])
def test_faults_of_other_points_do_not_change_the_wire(fault: str) -> None:
    for delivery in way_of(events_of(), fault).deliveries:
        assert of_attempt(attempt(delivery, 1, FixedChance())) is None


@pytest.mark.parametrize("fault", ["truncated-body", "hang-up"])
def test_a_connection_breaks_at_the_first_attempts_only(fault: str) -> None:
    assert [each is None for each in wires(fault)] == [False, True, True]
    assert [each is None for each in wires((fault, 2))] == [False, False, True]


@pytest.mark.parametrize("fault", ["slow-body", "chunked-body", "wrong-content-length"])
def test_slow_chunked_or_wrong_bodies_are_so_at_each_attempt(fault: str) -> None:
    assert None not in wires(fault)


def test_faults_of_the_wire_can_be_combined() -> None:
    (delivery,) = way_of(
        events_of(), "chunked-body", "slow-body", "truncated-body", "hang-up"
    ).deliveries
    wire = of_attempt(attempt(delivery, 1, FixedChance()))
    assert wire is not None
    assert (wire.chunked, wire.seconds, wire.hangs_up) == (True, 2.0, True)
    assert 0.1 <= wire.kept < 0.9


def test_a_request_that_broke_off_is_sent_again_whole(flowsim: Flowsim, webhook: Webhook) -> None:
    """The webhook of this test reads bodies to their end."""
    result, requests = over_socket(flowsim, webhook, "truncated-body")
    assert result.exit_code == 0
    first, second = requests
    assert len(first.body) < int(first.headers["content-length"])
    assert len(second.body) == int(second.headers["content-length"])
    assert second.headers["x-adobe-retry-count"] == "1"


def test_an_event_comes_again_if_its_answer_was_not_read(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result, requests = over_socket(flowsim, webhook, "hang-up")
    assert result.exit_code == 0
    assert len({request.body for request in requests}) == 1
    assert [request.headers.get("x-adobe-retry-count") for request in requests] == [None, "1"]


def test_a_connection_that_always_breaks_uses_up_all_attempts() -> None:
    summary, traces = to_receiver([{"truncated-body": 1000}], "delivered", max_attempts=4)
    assert (summary.ok, summary.attempts, summary.dropped) == (False, 12, 3)
    assert {trace.outcome.status_code for trace in traces} == {602}


def test_a_chunked_request_is_saved_as_it_was_written(flowsim: Flowsim, tmp_path: Path) -> None:
    flowsim("replay", "partial", "--set", "faults=[chunked-body]", "--save", str(tmp_path))
    (saved,) = tmp_path.glob("*.http")
    assert b"\r\ntransfer-encoding: chunked\r\n" in saved.read_bytes()
    assert saved.read_bytes().endswith(b"\r\n0\r\n\r\n")
