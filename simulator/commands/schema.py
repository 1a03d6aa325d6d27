"""``flowsim schema``: the JSON Schema of scenario files, of files with checks, and of events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ._options import flag, option
from ._output import say
from ._stories import families_of, families_option
from ._types import EVENT_CODE

if TYPE_CHECKING:
    from ..families.registry import Families


@click.command()
@flag("of_checks --checks", "Print the schema of files for flowsim check --checks.")
@option(
    "event_code --event CODE",
    "Print the schema of what a webhook gets for this event code, as one delivery, or of what a "
    "journal has if Adobe delivers these events to journals only.",
    EVENT_CODE,
)
@option(
    "delivery_format --format adobe_io|cloud_events",
    "The delivery format of --event; the usual one of the event, if left out.",
    ["adobe_io", "cloud_events"],
)
@families_option
def command(
    of_checks: bool,
    event_code: str | None,
    delivery_format: str | None,
    families: tuple[Path, ...],
) -> None:
    """Print the JSON Schema of scenario files, of checks, or of delivered events.

    Editors check scenarios and checks against theirs. From that of an event, code generators make
    classes; further members are allowed in it, as Adobe may add some at any time.

    \b
    flowsim schema > scenario.schema.json
    flowsim schema --checks > checks.schema.json
    flowsim schema --event sources_flow_run_success > event.schema.json
    """
    import json

    if of_checks and event_code is not None:
        raise click.UsageError("--checks and --event exclude each other.")
    if delivery_format is not None and event_code is None:
        raise click.UsageError("--format needs --event.")
    known = families_of(families, [event_code])
    if event_code is None:
        schema = _of_files(of_checks, known)
    else:
        schema = _of_event(event_code, delivery_format, known)
    say(json.dumps(schema, indent=2), is_exact=True)


def _of_files(of_checks: bool, families: Families) -> Any:
    if of_checks:
        from ..checks import check_schema

        return check_schema.json_schema()
    from ..scenario import model
    from ..story.opening import vocabulary

    return model.json_schema(vocabulary(families))


def _of_event(code: str, delivery_format: str | None, families: Families) -> Any:
    from ..errors import SettingError
    from ..families.fields.conformity import family_of
    from ..families.fields.json_schema import schema_of
    from ..families.unknown_code import unknown_code

    family = family_of(code, families)
    if family is None:
        raise unknown_code(code, families)
    if not family.fields().described(code):
        raise SettingError(f"the fields of {code} are not known: {family.name} has no table")
    format_ = delivery_format or next(iter(family.formats))
    return schema_of(family, code, format_, in_journal=family.journal_only)
