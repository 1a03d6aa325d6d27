"""docs/events.md is what flowsim makes of its families."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

from ..checkout import CHECKOUT


def test_the_page_about_events_is_up_to_date(flowsim: Callable[..., Result]) -> None:
    made = flowsim("events", "--markdown").stdout
    is_same = (CHECKOUT / "docs" / "events.md").read_text("utf-8") == made
    assert is_same, "write it anew: flowsim events --markdown > docs/events.md"
