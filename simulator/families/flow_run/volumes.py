"""How much a flow run carried: records, bytes and files (flow-run-payloads.md 7.1)."""

from __future__ import annotations

from dataclasses import dataclass

from .random_draws import Roll
from .spec import FlowRunSpec

BYTES_A_FILE = 256 * 2**20
"""Gap: how large source files are is not published. The guardrails advise batches of 256 MB and
more; a larger one is said to have files of this size here."""

MOST_FILES = 25_000
"""Files of one batch, at most, by the guardrails (4.2)."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """Counts of a run as a whole; copy hands ``copied_bytes`` to promotion."""

    input_records: int
    output_records: int
    failed_records: int
    input_bytes: int
    copied_bytes: int
    output_bytes: int
    input_files: int
    output_files: int


def measure(spec: FlowRunSpec, roll: Roll) -> Volumes:
    """Return the stated counts, and generated ones for those left out.

    No bytes hold no records, unless files of them are stated. Records that are not rejected
    arrive; copy passes on what it read; promotion writes columnar files of 55 to 90 % of the
    bytes that went in.
    """
    records, sizes, files = spec.records, spec.bytes, spec.files
    is_empty = sizes.input == 0 and not (sizes.copied or sizes.output or files.input)
    usual = 0 if is_empty else round(10 ** roll.between(0, 2.3, 5.5))
    input_records = _stated(records.input, usual)
    failed_records = records.failed or 0
    output_records = _stated(records.output, input_records - failed_records)
    input_bytes = _stated(sizes.input, round(input_records * roll.between(1, 60, 400)))
    copied_bytes = _stated(sizes.copied, input_bytes)
    arrived = output_records / input_records if input_records else 0.0
    output_bytes = _stated(sizes.output, round(copied_bytes * arrived * roll.between(2, 0.55, 0.9)))
    input_files = _stated(files.input, min(-(-input_bytes // BYTES_A_FILE), MOST_FILES))
    return Volumes(
        input_records,
        output_records,
        failed_records,
        input_bytes,
        copied_bytes,
        output_bytes,
        input_files,
        _stated(files.output, input_files),
    )


def shares(total: int, count: int, roll: Roll) -> tuple[int, ...]:
    """Split rejected records among ``count`` reasons, no more than records; each gets some."""
    left, parts = total, []
    for position in range(count - 1, 0, -1):
        part = max(1, round(left * roll.between(12 + position % 4, 0.3, 0.7)))
        part = min(part, left - position)
        parts.append(part)
        left -= part
    return (*parts, left) if count else ()


def _stated(value: int | None, generated: int) -> int:
    return generated if value is None else value
