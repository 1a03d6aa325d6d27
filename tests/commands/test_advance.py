"""``flowsim advance``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from unittest.mock import patch

import pytest
from click.testing import Result

from flowsim import local_service
from flowsim.commands import advance
from flowsim.local_service import Options

from ..webhook import Webhook, status
from .serving import Serving


def test_a_day_of_failures_is_played_and_what_it_changes_is_said(serving: Serving) -> None:
    with Webhook([status(503)]) as webhook:
        serving.register(webhook=webhook.url)
        serving.says("trigger", "partial")
        begin = serving.local.clock.now()
        first, change = serving.says("advance", "24h")
        assert len(webhook.requests) == 99
    now = serving.local.clock.now()
    assert (now - begin).total_seconds() == 86_400
    assert first == f"{now:%Y-%m-%d %H:%M:%S} UTC, 1d later; 0 deliveries under way"
    assert change == "mine: ACTIVE → UNSTABLE"


def test_what_is_still_under_way_is_counted(serving: Serving) -> None:
    serving.register()
    serving.says("trigger", "partial")
    (line,) = serving.says("advance", "90s")
    assert line.endswith(" UTC, 1m30s later; 1 delivery under way")


def test_programs_get_the_clock(serving: Serving) -> None:
    (line,) = serving.says("advance", "1h", "--json")
    clock = json.loads(line)
    assert (clock["kind"], clock["arrived"]) == ("manual", True)
    assert clock["now"] == clock["end"]


def test_it_comes_back_as_often_as_it_must(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer may come before the clock has arrived: the command asks again."""
    monkeypatch.setattr(advance, "_LOOK_EVERY", 0)
    serving.register()
    serving.says("trigger", "partial")
    (line,) = serving.says("advance", "1h", "--json")
    assert json.loads(line)["arrived"]


def test_another_clock_cannot_be_told(flowsim: Callable[..., Result]) -> None:
    with (
        local_service.run(Options()) as local,
        patch.dict(os.environ, FLOWSIM_SERVICE=local.url),
    ):
        result = flowsim("advance", "1h")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: the clock goes by itself; start flowsim up with --clock manual\n"
    )


@pytest.mark.parametrize("words", [(), ("soon",), ("-1h",), ("11000d",)])
def test_no_duration_is_a_mistake(serving: Serving, words: tuple[str, ...]) -> None:
    assert "Error: " in serving.refuses("advance", *words)
