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
    from ..families.fault_catalogue import FAULTS

    say(json.dumps(json_schema(FAULTS), indent=2), is_exact=True)
