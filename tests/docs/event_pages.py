"""Pages that flowsim makes of its families: docs/events.md, and one in docs/events for each.

``make pages`` writes them anew, and the schema of scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator

from click.testing import CliRunner

from flowsim.commands import main
from flowsim.families import registry

from ..checkout import CHECKOUT

PAGES = CHECKOUT / "docs" / "events"
SCHEMA = {"scenarios/scenario.schema.json": "schema"}


def commands() -> dict[str, str]:
    """Return the command that prints each page, without ``flowsim``: file → command."""
    families = [each.name for each in registry.shipped().readable()[0] if each.codes]
    pages = {f"docs/events/{name}.md": f"events --markdown --family {name}" for name in families}
    return {"docs/events.md": "events --markdown"} | pages


def written() -> Iterator[str]:
    """Yield the names of the pages that are there."""
    return (f"docs/events/{path.name}" for path in PAGES.iterdir())


def printed(command: str) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(main, command.split())
    assert result.exit_code == 0, result.output
    return result.stdout


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for surplus in {*written()} - commands().keys():
        (CHECKOUT / surplus).unlink()
    for name, command in (commands() | SCHEMA).items():
        (CHECKOUT / name).write_text(printed(command), "utf-8")
