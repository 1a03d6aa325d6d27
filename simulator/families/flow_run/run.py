"""A flow run with all of its values: what a notification is about."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.identifiers import etag, ulid
from ...core.instant import to_ms
from . import timeline
from .catalogue import MOMENT
from .draws import Flow, RunDraws
from .result import RunResult
from .spec import FlowRunSpec
from .timeline import Endings, Timeline

BYTES_A_FILE = 256 * 2**20
"""Gap: the size of source files is not published. The guardrails advise batches of 256 MB or more;
a batch has files of this size here."""

MOST_FILES = 25_000
"""The largest number of files in a batch, by the guardrails (4.2)."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """How much a run carried (flow-run-payloads.md 7.1).

    ``input_bytes`` are read by copy, ``copied_bytes`` by promotion, ``output_bytes`` are written.
    """

    input_records: int
    output_records: int
    failed_records: int
    input_bytes: int
    copied_bytes: int
    output_bytes: int
    input_files: int
    output_files: int


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A flow run with all of its values.

    ``rejected_counts`` has the number of records of each counted rejection, in order.
    """

    flow: Flow
    id: str
    result: RunResult
    volumes: Volumes
    timeline: Timeline
    rejected_counts: tuple[int, ...]
    error_detail: str
    pipeline_id: str
    copy_run_id: str
    request_id: str
    batch_id: str
    etag: str
    event_code: str
    shape: str


def execute(
    spec: FlowRunSpec, flow: Flow, result: RunResult, draws: RunDraws, endings: Endings
) -> FlowRun:
    """Return a run as its latest notification has it; ``draws`` has all random values."""
    amounts = measure(spec, draws)
    times = timeline.lay_out(endings, draws)
    counted = sum(error.counts_records for error in result.rejections)
    return FlowRun(
        flow,
        draws.run_id,
        result,
        amounts,
        times,
        shares(amounts.failed_records, counted, draws),
        _error_detail(flow, result, times, draws),
        draws.pipeline_id,
        draws.copy_run_id,
        draws.request_id,
        ulid(to_ms(times.batch_minted), draws.batch),
        etag(draws.etag, int(times.updated.timestamp())),
        spec.failure_code if result.failed_stage else "sources_flow_run_success",
        spec.shape,
    )


def _error_detail(flow: Flow, result: RunResult, times: Timeline, draws: RunDraws) -> str:
    """Return why the copy failed, or an empty text: a stated reason, or an error of its source."""
    if result.failed_stage != "copy":
        return ""
    if not result.causes:
        return result.errors[0].message
    details = flow.copy_error_details
    drawn = details[int(draws.between(10, 0, len(details)))]
    return drawn.replace(MOMENT, f"{times.completed:%Y-%m-%d %H:%M:%SZ}")


def measure(spec: FlowRunSpec, draws: RunDraws) -> Volumes:
    """Return the stated counts, and generated ones where none are stated.

    With 0 bytes there are no records, unless copied bytes, output bytes or files are stated. All
    records that are not rejected arrive. Copy passes on the bytes that it read. Promotion writes
    columnar files of 55 to 90 % of these bytes.
    """
    records, sizes, files = spec.records, spec.bytes, spec.files
    is_empty = sizes.input == 0 and not (sizes.copied or sizes.output or files.input)
    usual = 0 if is_empty else round(10 ** draws.between(0, 2.3, 5.5))
    input_records = _stated(records.input, usual)
    failed_records = records.failed or 0
    output_records = _stated(records.output, input_records - failed_records)
    input_bytes = _stated(sizes.input, round(input_records * draws.between(1, 60, 400)))
    copied_bytes = _stated(sizes.copied, input_bytes)
    arrived = output_records / input_records if input_records else 0.0
    output_bytes = _stated(
        sizes.output, round(copied_bytes * arrived * draws.between(2, 0.55, 0.9))
    )
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


def shares(total: int, count: int, draws: RunDraws) -> tuple[int, ...]:
    """Split rejected records among ``count`` errors; each gets one or more, if there are enough."""
    left, parts = total, []
    for position in range(count - 1, 0, -1):
        part = max(1, round(left * draws.between(12 + position % 4, 0.3, 0.7)))
        part = min(part, left - position)
        parts.append(part)
        left -= part
    return (*parts, left) if count else ()


def _stated(value: int | None, generated: int) -> int:
    return generated if value is None else value
