"""README.md: short, and complete for a first use. No document counts what the code can count."""

from __future__ import annotations

import re

from ..cases import for_each
from ..checkout import CHECKOUT
from .pages import PAGES, Page, page

README = page("README.md")
OWN = [each for each in PAGES if not each.name.startswith("docs/adobe/")]
NUMBER = r"(\d[\d,]*|\w+teen|\w+ty)"
COUNTED = "(checks|faults|traps|scenarios|families|commands|fixtures)"


def test_the_readme_has_at_most_ten_kilobytes() -> None:
    assert len((CHECKOUT / README.name).read_bytes()) <= 10_000


def test_the_verifying_webhook_has_25_lines() -> None:
    (webhook,) = (block for block in README.blocks if block.lines[0] == "# webhook.py")
    code = [line for line in webhook.lines if line and not line.startswith("#")]
    assert len(code) == 25


@for_each("origin", OWN)
def test_no_page_counts_what_the_code_can_count(origin: Page) -> None:
    counted = re.finditer(rf"\b{NUMBER} (of the )?{COUNTED}\b", origin.prose, re.IGNORECASE)
    assert [each[0] for each in counted] == []
