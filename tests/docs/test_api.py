"""docs/api.md lists the operations of the service: all of them, and no others."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from .pages import page

LINE = re.compile(r"- ((?:`[A-Z]+`, )*)`([A-Z]+) (/\S*)`: (.+)")


def listed() -> list[tuple[str, str]]:
    """Return the operations of the page: their methods and paths."""
    lines = [line for line in page("docs/api.md").text.splitlines() if line.startswith("- ")]
    found = [LINE.fullmatch(line) for line in lines]
    assert None not in found
    return [(method, row[3]) for row in found if row for method in methods(row)]


def methods(row: re.Match[str]) -> list[str]:
    return [*re.findall(r"[A-Z]+", row[1]), row[2]]


def test_the_page_lists_every_operation_once(api: FlaskClient) -> None:
    described = api.get("/_flowsim/openapi.json").get_json()["paths"]
    known = [
        (name.upper(), path)
        for path, operations in described.items()
        for name in operations
        if name != "parameters"
    ]
    assert sorted(listed()) == sorted(known)
