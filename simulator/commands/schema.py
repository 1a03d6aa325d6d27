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

    say(json.dumps(_checks() if of_checks else _scenarios(), indent=2), is_exact=True)


def _scenarios() -> dict[str, object]:
    from ..families.registry import FAULTS
    from ..scenario.model import json_schema

    return json_schema(FAULTS)


def _checks() -> dict[str, object]:
    from ..checks.check_spec import json_schema

    return json_schema()
