"""``flowsim schema``: the JSON Schema of scenario files, and of files with checks."""

from __future__ import annotations

import click

from ._options import flag
from ._output import say


@click.command()
@flag("of_checks --checks", "Print the schema of files for flowsim check --checks.")
def command(of_checks: bool) -> None:
    """Print the JSON Schema of scenario files, for editors.

    \b
    flowsim schema > scenario.schema.json
    flowsim schema --checks > checks.schema.json
    """
    import json

    if of_checks:
        from ..checks import check_spec

        schema = check_spec.json_schema()
    else:
        from ..scenario import model
        from ..story.opening import vocabulary

        schema = model.json_schema(vocabulary())
    say(json.dumps(schema, indent=2), is_exact=True)
