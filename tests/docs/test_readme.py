"""README.md: short, and complete for a first use."""

from __future__ import annotations

from ..checkout import CHECKOUT
from .pages import page

README = page("README.md")


def test_the_readme_has_at_most_ten_kilobytes() -> None:
    assert len((CHECKOUT / README.name).read_bytes()) <= 10_000


def test_the_verifying_webhook_has_25_lines() -> None:
    (webhook,) = (block for block in README.blocks if block.lines[0] == "# webhook.py")
    code = [line for line in webhook.lines if line and not line.startswith("#")]
    assert len(code) <= 25
