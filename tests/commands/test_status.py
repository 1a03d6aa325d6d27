"""``flowsim status``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import Result

from flowsim import __version__
from flowsim.commands._registration_lines import registration_table, styled_status
from flowsim.events_service import local_service
from flowsim.events_service.database.database import Settings
from flowsim.events_service.local_service import LocalServiceOptions
from flowsim.events_service.opening import open_database
from flowsim.events_service.registrations.model import SPELLINGS
from flowsim.reports.tables import table
from flowsim.runtime.clock import present

from ..cases import for_each
from .serving import Serving


def test_a_new_service_says_what_to_do_next(serving: Serving) -> None:
    own = serving.service.installation
    now = f"{serving.local.clock.now():%Y-%m-%d %H:%M:%S}"
    assert serving.says("status") == [
        f"flowsim {__version__} at {serving.local.url}, manual clock: {now} UTC",
        f"client id {own.client_id} · organisation {own.org} · data :memory:",
        "0 events published, 0 deliveries under way, 0 registrations",
        "next: flowsim register --webhook 3000",
    ]


def test_each_registration_is_a_row(serving: Serving) -> None:
    hook = serving.register("hook", webhook="http://127.0.0.1:9/hook")
    reader = serving.register("reader of all", webhook=None)
    serving.says("trigger", "partial")
    serving.says("advance", "3m")
    lines = serving.says("status")
    assert lines[2:4] == ["1 event published, 1 delivery under way, 2 registrations", ""]
    next_due = f"{serving.local.clock.now():%H:%M:}"
    assert next_due  # the fourth attempt is due four minutes after the third
    head, *rows = (line.split("  ") for line in lines[4:])
    assert [each.strip() for each in head if each] == [
        *("id", "name", "to", "status", "24 hours", "under way"),
    ]
    first, second = ([each.strip() for each in row if each.strip()] for row in rows)
    assert first[:5] == [
        *(hook.registration_id[:8], "hook", "http://127.0.0.1:9/hook", "ACTIVE"),
        "0 ok, 3 failed",
    ]
    assert first[5].startswith("1, next ")
    assert second == [
        *(reader.registration_id[:8], "reader of all", "journal", "ACTIVE"),
        *("0 ok, 0 failed", "0"),
    ]


@pytest.mark.parametrize(("hours", "where"), [(26, "ahead of"), (-26, "behind")])
def test_a_running_clock_away_from_the_present_is_reported(
    flowsim: Callable[..., Result], tmp_path: Path, hours: int, where: str
) -> None:
    with open_database(tmp_path) as database, database.transaction() as connection:
        Settings(database).put_clock(connection, present() + timedelta(hours=hours))
    with local_service.run(LocalServiceOptions(data=tmp_path, clock="0.001x")) as local:
        result = flowsim("status", "--service", local.url)
    first = result.stdout.splitlines()[0]
    assert re.search(f"UTC, 1d[12]h[^,]* {where} the present$", first), first


def test_json_has_the_whole_status(serving: Serving) -> None:
    serving.register(webhook=None)
    (line,) = serving.says("status", "--json")
    status = json.loads(line)
    assert status["settings"]["names"] == "both"
    assert [each["status"] for each in status["registrations"]] == ["ACTIVE"]


def test_colours_do_not_change_the_columns_of_a_table() -> None:
    red = click.style("a", fg="red")
    assert [click.unstyle(line) for line in table(("x", "yy"), [(red, "b"), ("ccc", "d")])] == [
        *("x    yy", "a    b", "ccc  d"),
    ]


@for_each("status", [rule for rule, _ in SPELLINGS.values()])
def test_every_status_can_be_shown(status: str) -> None:
    assert click.unstyle(styled_status(status)) == status


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ("2026-01-15T23:59:00.000Z", "1, next 23:59:00"),
        ("2026-01-16T00:03:00.000Z", "1, next 2026-01-16 00:03:00"),
        (None, "1"),
    ],
)
def test_a_retry_of_another_day_has_its_date(due: str | None, shown: str) -> None:
    row = {"registration_id": "e50438b5-10e3", "name": "hook", "webhook_url": "http://w/"}
    row |= {"delivery_type": "webhook", "runtime_action": None, "undelivered": ""}
    row |= {"status": "ACTIVE", "enabled": True, "succeeded": 0, "failed": 1}
    known = row | {"pending": 1, "next_due": due}
    (_, line) = registration_table([known], "2026-01-15T23:58:00.000Z")
    assert line.endswith(f"  {shown}")
