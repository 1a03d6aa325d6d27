"""``flowsim asyncapi``: the AsyncAPI document of events, for code generators and readers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ._options import option
from ._output import say
from ._stories import families_of, families_option, warn_of_own
from ._types import FAMILY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..families.registry import Families
    from ..reports.event_guide import EventGuide


@click.command()
@option("names --family NAME", "Only the events of this family; repeatable.", FAMILY, multiple=True)
@families_option
@option("form --format", "How to write the document.", ["yaml", "json"], default="yaml")
def command(names: tuple[str, ...], families: tuple[Path, ...], form: str) -> None:
    """Print an AsyncAPI 3.0 document of the events that a webhook gets.

    It has a channel for each event code, with a message for each delivery format, the headers of
    deliveries, JSON Schemas, and payloads of flowsim as examples. Code generators make types from
    it. Family files with mistakes are named on standard error, and left out.

    \b
    flowsim asyncapi > asyncapi.yaml
    flowsim asyncapi --family segment_job
    """
    from ..asyncapi.document import document

    made = document(_guides(names, families_of(families)))
    say(_written(made, form), is_exact=True)


def _guides(names: Sequence[str], known: Families) -> list[EventGuide]:
    """Return the guides of the named families in this order, or of all; each comes once."""
    from ..families.unknown_code import unknown_family
    from ..reports.event_guide import guides, guides_of

    if not names:
        warn_of_own(known)
        return guides(known)
    found = {name: guides_of(known, name) for name in names if name in known}
    for name in names:
        if not found.get(name):
            raise unknown_family(name, known)
    return [each for of_family in found.values() for each in of_family]


def _written(document: dict[str, object], form: str) -> str:
    import json

    from ..files import yaml_writing

    if form == "json":
        return json.dumps(document, indent=2)
    return "\n".join(yaml_writing.block(document))
