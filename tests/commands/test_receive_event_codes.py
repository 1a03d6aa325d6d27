"""``flowsim receive`` verifies the events of every family, in both delivery formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from click.testing import Result

from ..cases import one_in
from ..families.told import FIRST, FORMATS
from .test_receive import Receiving, receiving

Flowsim = Callable[..., Result]


@pytest.fixture(scope="module")
def stub() -> Iterator[Receiving]:
    """One receiver for all codes."""
    with receiving() as running:
        yield running


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("code", one_in(3, FIRST))
def test_each_event_code_is_delivered_and_verified(
    flowsim: Flowsim, stub: Receiving, code: str, format_: str
) -> None:
    setting = f"registration.event_delivery_format={format_}"
    result = flowsim("replay", code, "--set", setting, "--target", stub.port, "--json")
    assert result.exit_code == 0, result.output
    count = len(result.stdout.splitlines()) - 1
    for line in stub.lines(count):
        assert "[200] verified · " in line
    received = requests.get(f"{stub.url}/received", timeout=10).json()
    assert code in {each["headers"]["x-adobe-event-code"] for each in received[-count:]}
    kinds = {each["headers"]["content-type"].partition(";")[0] for each in received[-count:]}
    assert len(kinds) == 1
    assert ("cloudevents" in kinds.pop()) is (format_ == "cloud_events")
