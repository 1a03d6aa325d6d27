"""A user's own checks: YAML files as those of the catalogue, read with all mistakes at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ..errors import Nearest, Problem, ScenarioError
from ..families.registry import Families, shipped
from ..files import text_files
from ..files.document import Document
from ..files.yaml_documents import parse_text
from ..scenario import parser as scenario_parser
from . import catalogue
from .check import Check
from .check_mistakes import named, of_check
from .check_spec import CheckSpec
from .groups import groups

_WANTED = "a file with checks"


def read(files: Sequence[str | PathLike[str]], families: Families | None = None) -> list[Check]:
    """Return the checks of files; without ``families``, events are of those that are shipped.

    Raises ``ScenarioError`` with the mistakes of all files, each with its place, and
    ``SettingError`` for a file that cannot be read.
    """
    checks: list[Check] = []
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    families = families or shipped()
    for file in files:
        called, text = text_files.text_of(Path(file), _WANTED)
        try:
            document = parse_text(text, called, "a check, its name as a key")
        except ScenarioError as error:
            problems += error.problems
            continue
        found = [*document.problems, *_problems(document, taken, families)]
        problems += scenario_parser.in_order(found)
        if not found:
            checks += [_check(name, said, str(file)) for name, said in named(document).items()]
        taken |= dict.fromkeys(named(document), called)
    if problems:
        raise ScenarioError(problems)
    return checks


def _check(name: str, said: Mapping[str, Any], file: str) -> Check:
    """Return a check that has no mistakes."""
    spec = CheckSpec.model_validate(said)
    texts = {key: getattr(spec, key) for key in ("claim", "why", "advice", "source")}
    return catalogue.check_of(name, spec.group, {**said, **texts}, file=file)


def _problems(
    document: Document, taken: Mapping[str, str], families: Families
) -> Iterator[Problem]:
    content = named(document)
    if not content:
        found = scenario_parser.spell_value(document.value)
        yield document.problem((), found, "checks, each with its name as the key")
    for name, said in content.items():
        yield from _problems_of_name(document, name, taken)
        yield from _problems_of_follows(document, name, said, {*content, *taken})
        yield from of_check(document, name, said, families)


def _problems_of_follows(
    document: Document, name: str, said: object, own: Collection[str]
) -> Iterator[Problem]:
    """Yield the names of checks to follow that no check has."""
    follows = said.get("follows") if isinstance(said, dict) else None
    known = {*catalogue.names(), *own} - {name}
    for number, other in enumerate(follows if isinstance(follows, list) else ()):
        if isinstance(other, str) and other not in known:
            near = Nearest(other, known)
            path = (name, "follows", number)
            yield document.problem(path, f"{other!r}", "another check", nearest=near)


def _problems_of_name(document: Document, name: str, taken: Mapping[str, str]) -> Iterator[Problem]:
    path, wanted = (name,), "another name"
    if name in groups():
        yield document.problem(path, f"the name {name} of a group", wanted, at_key=True)
    elif name in catalogue.names():
        yield document.problem(path, f"the name {name} of a shipped check", wanted, at_key=True)
    elif name in taken:
        found = f"the name {name} of a check in {taken[name]}"
        yield document.problem(path, found, wanted, at_key=True)
