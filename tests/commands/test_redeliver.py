"""``flowsim redeliver``."""

from __future__ import annotations

import json

from ..webhook import Webhook
from .serving import Serving


def test_an_event_is_delivered_again_with_its_id(serving: Serving) -> None:
    with Webhook() as webhook:
        serving.register("one", webhook=webhook.url)
        serving.register("two", webhook=webhook.url)
        event_id = serving.says("trigger", "partial")[1].split(" ")[1]
        serving.says("advance", "1s")
        assert serving.says("redeliver", event_id) == [f"{event_id} → one, two"]
        serving.says("advance", "1s")
        (line,) = serving.says("redeliver", event_id[:8], "--registration", "two", "--json")
        serving.says("advance", "1s")
    assert json.loads(line)["event_id"] == event_id
    assert len(json.loads(line)["registrations"]) == 1
    assert [each.headers["x-adobe-event-id"] for each in webhook.requests] == [event_id] * 5
    assert len({each.headers["x-adobe-delivery-id"] for each in webhook.requests}) == 5


def test_an_unknown_event_is_an_error(serving: Serving) -> None:
    result = serving.refuses("redeliver", "no such event?")
    assert result == "error: no event 'no such event?'; events are kept for 7 days\n"
