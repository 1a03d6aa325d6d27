"""The example families of these tests, and families made of a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flowsim.errors import Problem, ScenarioError
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.reading import read_family
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.files import yaml_writing
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.runtime.chance import Chance

FOLDER = Path(__file__).parent
BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)

SMALL: Mapping[str, Any] = {
    "label": "Things",
    "summary": "A thing happened.",
    "provider": {"id": "things", "label": "Things"},
    "formats": {"adobe_io": "A"},
    "codes": {"thing": {"label": "A thing happened"}},
    "says": {"size": {"count": 3}, "other": {"entry": None}},
    "draws": {"id": "uuid()"},
    "values": {"twice": "size * 2"},
    "story": [{"at": "begin", "code": "thing", "body": "thing"}],
    "parts": {"stamp": {"at": "{{ now | iso }}"}},
    "bodies": {"thing": {"id": "{{ id }}"}},
}
"""The smallest family with something under most keys, as JSON."""

SAYS = {"parcels": {"list": ["a", "b"], "of": ["a", "b", "c"]}, "gap": {"duration": "1m"}}

LOOP: dict[str, Any] = {
    "says": SAYS,
    "tables": {"weights": {"a": 1, "b": 20, "c": 300}, "light": ["a", "b"]},
    "draws": {"order": "uuid()"},
    "event_draws": {"message": "uuid()", "weighed": "count(1, 9)"},
    "values": {"last": "of(parcels, length(parcels) - 1) if parcels else ''"},
    "story": [
        {"each": "parcels", "as": "parcel", "at": "begin", "code": "thing", "body": "thing"},
        {"each": "2", "as": "n", "at": "begin + n * gap", "code": "thing", "body": "thing"},
        {"at": "begin + 3 * gap", "when": "last == 'b'", "code": "thing", "body": "thing"},
    ],
    "bodies": {
        "thing": {
            "order": "{{ order }}",
            "message": "{{ message }}",
            "weighed": "{{ weighed }}",
            "parcel": {"$when": "parcel", "$value": "{{ of(weights, parcel) }}"},
            "n": "{{ n }}",
        }
    },
}
"""What makes of the small family one of steps with items, tables and draws of events."""


def document(name: str) -> Document:
    """Return an example file; raises ``LookupError`` as for an unknown shared file."""
    path = FOLDER / f"{name}.yaml"
    if not path.exists():
        raise LookupError(name)
    return parse_text(path.read_text("utf-8"), path.name)


def example(name: str) -> DataFamily:
    return read_family(document(name), name, document)


def read(content: Any, name: str = "thing") -> DataFamily:
    """Return the family of a file with this content."""
    text = "\n".join(yaml_writing.block(content))
    return read_family(parse_text(text, "thing.yaml"), name, document)


def small(**changed: Any) -> DataFamily:
    """Return the small family with other values under some keys."""
    return read({**SMALL, **changed})


def problems(**changed: Any) -> list[Problem]:
    """Return the mistakes of the small family with other values; none if it can be read."""
    try:
        small(**changed)
    except ScenarioError as error:
        return list(error.problems)
    return []


def problems_of_value(**changed: Any) -> list[Problem]:
    """Return the mistakes of the small family with other values, which are not written as YAML."""
    try:
        read_family(Document("thing.yaml", {**SMALL, **changed}), "thing", document)
    except ScenarioError as error:
        return list(error.problems)
    return []


def tell(
    family: DataFamily,
    said: Any = None,
    *,
    label: str | None = None,
    passage: Passage | None = None,
    number: str = "0.0",
    **entry: Any,
) -> list[Occurrence]:
    """Return the events of one entry."""
    made = Entry(family.model().model_validate(said or {}), label, **entry)
    prepared = family.teller(Chance("7", "8"), None).prepared(made)
    return prepared.tell(number, BEGIN, passage or Passage())


def content(family: DataFamily, said: Any = None, **entry: Any) -> Any:
    """Return the content of the first event of an entry."""
    return tell(family, said, **entry)[0].notification.content


def telling_problem(family: DataFamily, said: Any = None) -> Problem:
    """Return the one mistake that shows when an entry is told."""
    try:
        tell(family, said, number="4.0")
    except ScenarioError as error:
        (problem,) = error.problems
        return problem
    raise AssertionError("the entry can be told")
