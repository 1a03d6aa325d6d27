"""What Adobe's documents list, as data: sources, run errors, and the copy errors of sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SUMMARY_CODE = "INGEST-1212-400"
"""The error with the total of rejected records; it is the first of their errors (3.6)."""

COPY_CODE = "2200"
"""The root cause of a failed copy; its message is the last one in the detail (4.1)."""

MOMENT = "{at}"
"""Placeholder in a filled detail for the moment at which the copy failed."""

_FOLDER = Path(__file__).parent
_MESSAGE = re.compile(r"Message=(.*?),Source=", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the catalogue; ``kind`` is ``file``, ``table`` or ``stream``.

    ``errors`` is a key of ``copy_errors``. ``connection_spec`` and ``flow_spec`` are ids of Flow
    Service; they are empty where no public document gives them.
    """

    name: str
    label: str
    kind: str
    errors: str
    connection_spec: str = ""
    flow_spec: str = ""


@dataclass(frozen=True, slots=True)
class RunError:
    """An error of a flow run (flow-run-payloads.md 3.6, 4.1, 4.2).

    ``stage`` is ``copy`` or ``promotion``. ``level`` says where the notification prints the error:
    ``run`` in the status summary; ``cause`` in the extensions of the activity, as the root cause;
    ``record`` in the extensions too, with the number of rejected records if it is ``counted``.
    ``grade`` says where the message is from: ``documented``, or a ``gap`` that flowsim fills.
    """

    code: str
    stage: str
    level: str
    message: str
    counted: bool = True
    grade: str = "gap"

    @property
    def counts_records(self) -> bool:
        """Whether the error is printed with a number of records, if records were rejected."""
        return self.level == "record" and self.code != SUMMARY_CODE and self.counted


@dataclass(frozen=True, slots=True)
class CopyError:
    """An error that can end the copy from a kind of source (flow-run-payloads.md 4.1).

    ``detail`` is the text of ``errorDetail``, with names in braces that each story fills in.
    ``source`` says where the text is from. ``grade`` says how reliable it is: ``documented``,
    ``inferred`` or ``gap``.
    """

    detail: str
    source: str
    grade: str

    @property
    def name(self) -> str:
        """The error code of Azure Data Factory, which is a name."""
        return self.detail.partition("ErrorCode=")[2].partition(",")[0]

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the detail with the words of a story filled in; only ``MOMENT`` is left open."""
        return self.detail.format(**words, at=MOMENT)


def root_message(detail: str) -> str:
    """Return the message of the last exception in a detail, which the root cause repeats."""
    return str(_MESSAGE.findall(detail)[-1])


@cache
def sources() -> dict[str, Source]:
    """Return the sources that ``flow.source`` may name, as ``amazon-s3``: name → source.

    Facts: flow-run-payloads.md 5.1, 5.2.
    """
    table = _load("sources.toml")
    flow_specs: dict[str, str] = table.pop("flow_specs")
    return {
        name: Source(name, flow_spec=flow_specs.get(entry.pop("flow_spec", ""), ""), **entry)
        for name, entry in table.items()
    }


@cache
def run_errors() -> dict[str, RunError]:
    """Return the error catalogue (flow-run-payloads.md 3.6, 4.1, 4.2): code → error."""
    return {code: RunError(code, **entry) for code, entry in _load("run_errors.toml").items()}


@cache
def copy_errors() -> dict[str, tuple[CopyError, ...]]:
    """Return the errors of failed copies (flow-run-payloads.md 4.1): kind of source → errors."""
    table = {
        kind: tuple(CopyError(**entry) for entry in entries)
        for kind, entries in _load("copy_errors.toml").items()
    }
    of_every_kind = table.pop("every")
    return {kind: own + of_every_kind for kind, own in table.items()}


def described_sources() -> dict[str, str]:
    """Return name → label, kind, ids and copy errors of each source, in one line."""
    return {
        name: f"{each.label} ({each.kind}){_ids(each)}; copy errors: {_copy_errors(each)}"
        for name, each in sources().items()
    }


def described_errors() -> dict[str, str]:
    """Return code → stage, level, grade and message of each run error, in one line."""
    return {
        code: f"{each.stage}, {each.level}, {each.grade}: {each.message}"
        for code, each in run_errors().items()
    }


def _ids(source: Source) -> str:
    """Return the ids of Flow Service, as far as public documents give them."""
    ids = {"connection spec": source.connection_spec, "flow spec": source.flow_spec}
    return "".join(f", {name} {id_}" for name, id_ in ids.items() if id_)


def _copy_errors(source: Source) -> str:
    """Return the error groups of a source's failed copies, each with its grade of evidence."""
    errors = {each.name: each.grade for each in copy_errors()[source.errors]}
    return ", ".join(f"{name} ({grade})" for name, grade in errors.items())


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
