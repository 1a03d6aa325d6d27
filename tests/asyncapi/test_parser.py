"""The parser of the AsyncAPI project, as it comes from npm, accepts the documents."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from flowsim.files import yaml_writing

from .documents import SOME, of, whole
from .test_document import NAMES

Complaints = Callable[[Mapping[str, str]], dict[str, list[str]]]

PATIENCE = 600
"""Seconds that the parser may take for all documents on a busy machine."""


@pytest.fixture
def complaints(node: Path) -> Complaints:
    """What the parser says about documents, errors and warnings: name → sentences."""

    def said(documents: Mapping[str, str]) -> dict[str, list[str]]:
        result = subprocess.run(
            ["node", node / "asyncapi.cjs"],
            input=json.dumps(documents),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        found: dict[str, list[str]] = json.loads(result.stdout)
        return found

    return said


def test_the_parser_accepts_a_document_of_several_families(complaints: Complaints) -> None:
    assert complaints({"some": _yaml(of(*SOME))}) == {"some": []}


@pytest.mark.slow
def test_the_parser_accepts_the_document_of_all_families(complaints: Complaints) -> None:
    assert complaints({"all": _yaml(whole())}) == {"all": []}


def _yaml(made: Mapping[str, Any]) -> str:
    return "\n".join(yaml_writing.block(made))


@pytest.mark.slow
def test_the_parser_accepts_the_document_of_each_family(complaints: Complaints) -> None:
    """Each is a part of the document of all, but for the references between parts."""
    documents = {name: json.dumps(of(name)) for name in NAMES}
    assert complaints(documents) == {name: [] for name in documents}


@pytest.mark.slow
def test_the_parser_finds_mistakes(complaints: Complaints) -> None:
    """Else its silence would prove nothing: of a schema, of a reference, of an operation."""
    made = of("order")
    text = json.dumps(made)
    documents = {
        "type": text.replace('"type": "string"', '"type": "whole"'),
        "reference": text.replace("#/components/schemas/DeliveryHeaders", "#/components/schemas/X"),
        "operation": text.replace('"action": "receive"', '"action": "hear"'),
    }
    assert all(text != each for each in documents.values())
    assert all(complaints(documents).values())
