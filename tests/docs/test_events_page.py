"""docs/events.md and the pages of docs/events are what flowsim makes of its families."""

from __future__ import annotations

from ..cases import for_each
from ..checkout import CHECKOUT
from . import event_pages

LONGEST = 60_000
"""Characters of the longest page: it stays readable."""


@for_each(("name", "command"), event_pages.commands().items())
def test_what_is_made_of_the_families_is_up_to_date(name: str, command: str) -> None:
    made = event_pages.printed(command)
    is_same = (CHECKOUT / name).read_text("utf-8") == made
    assert is_same, f"write it anew: make pages, or flowsim {command} > {name}"


def test_there_is_no_page_of_another_family() -> None:
    assert {*event_pages.written()} <= event_pages.commands().keys(), "make pages removes it"


def test_each_page_stays_short_enough_to_read() -> None:
    lengths = {name: len((CHECKOUT / name).read_text("utf-8")) for name in event_pages.written()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
