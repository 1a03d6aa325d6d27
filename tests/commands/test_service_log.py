"""Lines about registrations in the log of ``flowsim up``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from flowsim.commands._service_log import note_line
from flowsim.core.instant import Days
from flowsim.events_service.registrations.notes import RegistrationNote

AT = datetime(2026, 1, 15, 9, 30, 1, 250_000, tzinfo=UTC)
DAY = timedelta(days=1)
ID = "e50438b5-10e3-4164-b5de-b437982c15d4"


def line(name: str, text: str, id_: str = ID) -> str:
    return click.unstyle(note_line(RegistrationNote("challenge", AT, id_, name, text)))


def test_a_line_has_the_time_the_short_id_and_the_name() -> None:
    said = "09:30:01.250 registration e50438b5 orders: challenge passed"
    assert line("orders", "challenge passed") == said


def test_texts_of_callers_cannot_control_a_terminal() -> None:
    assert line("a\x1b[2J", "got '\u202e'").endswith(r"a\x1b[2J: got '\u202e'")


def test_a_note_about_all_registrations_names_none() -> None:
    assert line("", "all are deleted", "") == "09:30:01.250 registrations: all are deleted"


def test_a_note_of_another_day_has_its_date() -> None:
    days = Days()
    first, later = (RegistrationNote("challenge", at, "", "", "x") for at in (AT, AT + DAY))
    lines = [click.unstyle(note_line(each, days.before(each.at))) for each in (first, later)]
    assert lines[1] == f"{AT + DAY:%Y-%m-%d} {lines[0]}"
