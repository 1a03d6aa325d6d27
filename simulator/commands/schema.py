"""``flowsim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from ._output import say


@click.command()
def command() -> None:
    """Print the JSON Schema of scenario files, for editors.

    \b
    flowsim schema > scenario.schema.json
    """
    import json

    from ..core.scenario import json_schema
    from ..faults import SHELF

    say(json.dumps(json_schema(SHELF), indent=2), is_exact=True)
