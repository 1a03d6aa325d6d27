"""YAML text as a document, with the place of everything; all mistakes are ``ScenarioError``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.events import Event
from ruamel.yaml.reader import ReaderError

from ..errors import Problem, ScenarioError
from .document import Document, position
from .yaml_reader import MOST_NODES, UnreadableError, YamlReader
from .yaml_syntax import SyntaxWatch, escape_problem


def parse_text(
    text: str, file: str, wanted: str = "a scenario with the key events", most: int = MOST_NODES
) -> Document:
    """Return the one YAML document in ``text``; raises ``ScenarioError`` if it cannot be read.

    ``wanted`` says what an empty file should hold, ``most`` how many keys and values are allowed.
    """
    reader, watch = YamlReader(file, wanted, most), SyntaxWatch(file, text)
    try:
        value = reader.document(watch.watched(_events(text)))
    except UnreadableError as stop:
        raise ScenarioError([stop.problem]) from None
    except MarkedYAMLError as error:
        raise ScenarioError([watch.explained(error)]) from None
    except ReaderError as error:
        line, column = position(text, error.position)
        found = f"the character U+{_code_point(error.character):04X}"
        raise ScenarioError([Problem(file, line, column, "", found, "printable text")]) from None
    except (YAMLError, YAMLStreamError, ArithmeticError, LookupError, ValueError) as error:
        if problem := escape_problem(file, text):
            raise ScenarioError([problem]) from None
        found = f"YAML that cannot be read ({type(error).__name__})"
        raise ScenarioError([Problem(file, 1, 1, "", found, "plain YAML")]) from None
    problems = tuple(reader.problems)
    return Document(file, value, reader.keys, reader.values, {}, problems, reader.merged)


def scalar(text: str, origin: str) -> Any:
    """Return the value of YAML text on the command line, such as ``60`` or ``[a, b]``.

    Empty text is null. Raises ``ScenarioError`` that names the ``origin``, the option.
    """
    if not text.strip():
        return None
    try:
        document = parse_text(text, origin)
        problems = document.problems
    except ScenarioError as error:
        problems = error.problems
    if problems:
        raise ScenarioError([replace(each, line=0, column=0, path="") for each in problems])
    return document.value


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    yield from yaml.parse(text)


def _code_point(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)
