"""The files of a batch: input files, and rejected rows (flow-run-payloads.md 3.5, 3.6).

They are made from the run entity of the notification, so that counts and codes agree with it.
Listings and files have the form of the Data Access API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .entities import at, count, errors

Json = dict[str, Any]

MOST_ROWS = 100_000
"""The largest number of rejected rows in a file."""

SAMPLES = 100
"""The number of rejected rows in a sample file."""

SAMPLE_FILES = ("row_error_samples.json", "row_errors_sample.json")
"""Sample files of rejected rows; documents use both names (3.5)."""


_TEXTS = {"1401": "Row is corrupted and cannot be read, please fix and resend."}
"""Code → message in a rejected row, if it is published (3.5); else it is that of the run."""


@dataclass(frozen=True, slots=True)
class DiagnosticFile:
    """A file of a batch: its path below the batch, and its lines of JSON."""

    path: str
    lines: tuple[Json, ...]

    @property
    def content(self) -> bytes:
        return b"".join(json.dumps(each).encode() + b"\n" for each in self.lines)


def files_of(run: Json, place: str) -> list[DiagnosticFile] | None:
    """Return the files at a place of the run's batch; ``None`` if there is no such place.

    ``place`` is ``input_files``, ``row_errors``, one of the sample files, or a file in one of these
    folders.
    """
    folder, _, name = place.partition("/")
    if folder == "input_files":
        found = [_input_files(run)]
    elif folder == "row_errors":
        found = _row_errors(run)
    elif place in SAMPLE_FILES:
        found = [DiagnosticFile(place, tuple(_rows(run, SAMPLES)))]
    else:
        return None
    return [each for each in found if not name or each.path == place] if found else []


def failed_rows(run: Json) -> DiagnosticFile:
    """Return the rejected rows in the form in which a failed batch is downloaded."""
    lines = tuple(_failed_row(row) for row in _rows(run, MOST_ROWS))
    return DiagnosticFile("failed/part-0.json", lines)


def is_failed(run: Json) -> bool:
    """Tell whether a run entity of any shape has the status ``failed``; its batch failed then."""
    return bool(at(run, "metrics", "statusSummary", "status") == "failed")


def _input_files(run: Json) -> DiagnosticFile:
    files = min(count(at(run, "metrics", "fileSummary", "inputFileCount")), MOST_ROWS)
    lines = tuple({"path": f"{run['flowId']}/part-{number:05}.json"} for number in range(files))
    return DiagnosticFile("input_files/fileMetaData1.json", lines)


def _row_errors(run: Json) -> list[DiagnosticFile]:
    """Return the files of rejected rows: corrupted rows in one, all others in the other."""
    kinds: dict[str, list[Json]] = {}
    for row in _rows(run, MOST_ROWS):
        code = row["_errors"][0]["code"]
        kind = "parsing_errors_0.json" if code == "1401" else "conversion_errors_0.json"
        kinds.setdefault(kind, []).append(row)
    return [
        DiagnosticFile(f"row_errors/{name}", tuple(rows)) for name, rows in sorted(kinds.items())
    ]


def _rows(run: Json, most: int) -> Iterator[Json]:
    """Yield rejected rows, at most ``most``: for each error as many as its ``recordCount``."""
    left = most
    for cause in errors(run):
        code = _bare(str(cause.get("code")))
        error = {"code": code, "message": _TEXTS.get(code, str(cause.get("message")))}
        for number in range(min(count(cause.get("recordCount")), left)):
            left -= 1
            yield {
                "_corrupt_record": f'{{"row": {number + 1}}}',
                "_errors": [error],
                "_filename": f"{run['flowId']}/part-00000.json",
            }


def _failed_row(row: Json) -> Json:
    error = row["_errors"][0]
    problem = {
        "causingExceptions": [],
        "keyword": "type",
        "message": error["message"],
        "pointerToViolation": "#/",
        "schemaLocation": "#",
    }
    return {"body": row["_corrupt_record"], "_validationErrors": [problem]}


def _bare(code: str) -> str:
    """Return the number in a code, as files of rejected rows print it: INGEST-1401-400 → 1401."""
    match = re.fullmatch(r"[A-Z]+-(\d+)-\d+", code)
    return match[1] if match else code
