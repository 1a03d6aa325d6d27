"""``flowsim reset``."""

from __future__ import annotations

import json

from .serving import Serving


def test_reset_prints_what_is_deleted_and_what_stays(serving: Serving) -> None:
    serving.register()
    serving.says("trigger", "partial")
    serving.says("advance", "90s")
    before = json.loads(serving.says("status", "--json")[0])
    assert serving.says("reset") == [
        "deleted: 1 event, 1 delivery under way, 1 registration",
        "kept: ids, tokens, settings and the clock",
    ]
    after = json.loads(serving.says("status", "--json")[0])
    assert (after["published"], after["pending"], after["registrations"]) == (0, 0, [])
    for stays in ("installation", "settings"):
        assert after[stays] == before[stays]
    assert after["clock"]["now"] == before["clock"]["now"]


def test_json_has_the_status_after_it(serving: Serving) -> None:
    serving.register()
    serving.says("trigger", "partial")
    (line,) = serving.says("reset", "--json")
    assert json.loads(line)["published"] == 0
