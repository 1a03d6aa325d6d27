"""``flowsim journal``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import click
import pytest

from flowsim.events_service.control.actions import change_settings
from flowsim.events_service.control.bodies import SettingsBody

from .own_streams import on_a_terminal
from .serving import Serving


def entries(serving: Serving, *words: object) -> list[dict[str, Any]]:
    """Return what the journal prints as JSON."""
    return [json.loads(line) for line in serving.says("journal", "--json", *words)]


@pytest.fixture
def journal(serving: Serving) -> Serving:
    """A service with 45 events in the one journal."""
    serving.register(webhook=None)
    serving.says("trigger", "batch")
    return serving


def test_an_empty_journal_prints_a_message(serving: Serving) -> None:
    serving.register(webhook=None)
    assert serving.says("journal") == ["no events"]
    assert entries(serving) == []


def test_all_events_are_printed_and_then_the_next_command(
    journal: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no terminal a line has the same width everywhere."""
    monkeypatch.setenv("COLUMNS", "100")
    *lines, rest = journal.says("journal")
    last = entries(journal)[-1]
    assert rest == f"next: flowsim journal --since {last['position']}"
    assert len(lines) == 45
    assert lines[-1].startswith(f'{last["event"]["eventid"]} {{"messages": [{{')
    assert {len(line) for line in lines} == {120}


def test_a_line_is_as_wide_as_the_terminal(journal: Serving) -> None:
    """``on_a_terminal`` has 100 columns."""
    lines = click.unstyle(on_a_terminal("journal", "--limit", "3")).splitlines()
    assert [len(line) for line in lines[:3]] == [100] * 3
    assert lines[3].startswith("next: ")
    assert journal.says("journal", "--limit", "3")[3] == lines[3]


def test_options_select_a_part_of_the_journal(journal: Serving) -> None:
    all_of_it = entries(journal)
    assert len(all_of_it) == 45
    assert entries(journal, "--limit", "7") == all_of_it[:7]
    position = all_of_it[6]["position"]
    assert entries(journal, "--since", position, "--limit", "20") == all_of_it[7:27]
    assert entries(journal, "--since", all_of_it[-1]["position"]) == []
    journal.says("advance", "2h")
    journal.says("trigger", "partial")
    assert len(entries(journal, "--seek", "-PT1H")) == 1
    assert entries(journal, "--latest") == []


def test_a_cloud_event_shows_its_type(serving: Serving) -> None:
    change_settings(serving.service, SettingsBody(platform_delivery_format="cloud_events"))
    serving.register(webhook=None)
    serving.says("trigger", "partial")
    line = serving.says("journal")[0]
    assert line.split(" ")[1] == "sources_flow_run_success"


def test_a_refusal_of_the_service_is_reported(journal: Serving) -> None:
    assert journal.refuses("journal", "--since", "nowhere").startswith("error: ")
    position = entries(journal, "--limit", "1")[0]["position"]
    assert journal.refuses("journal", "--since", position, "--seek", "-PT1H").startswith("error: ")
    assert "range" in journal.refuses("journal", "--limit", "0")


def test_expired_events_are_reported_as_adobe_does(journal: Serving) -> None:
    position = entries(journal, "--limit", "1")[0]["position"]
    journal.says("advance", "8d")
    assert "expired" in journal.refuses("journal", "--since", position)


def test_the_journal_can_be_followed_until_ctrl_c(serving: Serving) -> None:
    serving.register(webhook=None)
    command = [sys.executable, "-m", "flowsim", "journal", "--follow"]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout
        for _ in range(2):
            event_id = serving.says("trigger", "partial")[1].split(" ")[1]
            assert following.stdout.readline().startswith(f"{event_id} ")
        following.send_signal(signal.SIGINT)
        assert following.stdout.readline().startswith("next: flowsim journal --since ")
        assert following.wait(30) == 0
