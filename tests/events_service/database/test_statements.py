"""SQL statements run on all versions of Python without a warning."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flowsim import events_service

from ...cases import for_each

MODULES = sorted(Path(events_service.__file__).parent.rglob("*.py"))


@for_each("module", MODULES)
def test_no_statement_numbers_or_names_its_values(module: Path) -> None:
    """They are given in a sequence: Python 3.12.0 to 3.12.3 warn of both."""
    texts = (
        node.value
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [text for text in texts if re.search(r"\?\d|[ (]:\w", text)] == []
